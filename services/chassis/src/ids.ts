import { v7 } from 'uuid';

/** A new UUIDv7: time-ordered, so that keys grow at the end of their index. */
export const uuidv7 = (): string => v7();
