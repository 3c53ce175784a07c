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
 * Needed for correctness. After a reconnect kafkajs 2.2.4 reads on behind the half response of the broken connection:
 * it throws where nobody can catch it, or waits for ever. What is left of it is forgotten here.
 */
export function forgetOnReconnect(): void {
  prototype.connect = function () {
    if (!this.isConnected()) Object.assign(this, { chunks: [], bytesBuffered: 0, bytesNeeded: LENGTH_BYTES });
    return connect.call(this);
  };
}
