/** What the console's server says and its page understands. Types alone, and the list of codes. */
export * from './diagnosis.ts';
export * from './event.ts';
export * from './live.ts';
export * from './saga.ts';
export * from './search.ts';
export * from './services.ts';
export * from './topics.ts';
export * from './work.ts';
