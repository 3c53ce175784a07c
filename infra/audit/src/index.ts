export { type Asked, audit, type Report } from './audit.ts';
export { type Check, checks, type Finding } from './checks.ts';
export type { Site } from './site.ts';
export { type Hears, hears } from './sources/hears.ts';
