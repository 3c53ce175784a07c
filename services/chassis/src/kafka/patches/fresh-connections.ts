import { createRequire } from 'node:module';

export interface Connection {
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected(): boolean;
  connect(this: Connection): Promise<unknown>;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/connection') as {
  readonly prototype: Connection;
};
const connect = prototype.connect;
/** Of the length that stands before each response. */
const LENGTH_BYTES = 4;

/**
 * Needed for correctness. kafkajs 2.2.4 connects again with the same object, and reads what comes as if it went on behind the half response that
 * the broken connection had left: it takes some bytes for a length, and throws where nobody can catch it, or waits for a
 * response that never ends. What is left is forgotten here; the request behind it was given up with the old connection.
 */
export function forgetOnReconnect(): void {
  prototype.connect = function () {
    if (!this.isConnected()) Object.assign(this, { chunks: [], bytesBuffered: 0, bytesNeeded: LENGTH_BYTES });
    return connect.call(this);
  };
}
