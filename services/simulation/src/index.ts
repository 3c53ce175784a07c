export { type Options, type Played, play } from './play.ts';
