export { type Gone, goTrace, type TracedStep } from './go-trace.ts';
