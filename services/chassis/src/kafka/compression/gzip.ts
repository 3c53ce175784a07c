import { gunzipSync } from 'node:zlib';
import { bounded, MOST_BYTES } from './bounded.ts';

export const gzip = (bytes: Buffer): Buffer => bounded(() => gunzipSync(bytes, { maxOutputLength: MOST_BYTES }));
