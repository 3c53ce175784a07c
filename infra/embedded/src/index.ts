export * from './reporter.ts';
export * from './settings.ts';
export * from './stack.ts';
