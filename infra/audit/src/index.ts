export { type Asked, audit, type Report } from './audit.ts';
export type { Check, Finding } from './check.ts';
export { checks } from './checks.ts';
export type { Site } from './site.ts';
export { type Behaviour, behaviourOf, type Hears, hears } from './sources/hears.ts';
