/** How much and how long one client may take, and how many at once. */
export interface HttpLimits {
  /** Requests that change something and have no answer yet; further ones are answered 503. */
  readonly commandsAtOnce: number;
  /** Requests that read, those that wait for news and streams among them; further ones are answered 503. */
  readonly readsAtOnce: number;
  /** A body above this is answered 413. */
  readonly bodyBytes: number;
  /** All headers of a request together; above it 431. */
  readonly headerBytes: number;
  /** From the connection's first byte to the end of the headers; then 408. */
  readonly headersMs: number;
  /** From the first byte to the end of the body; then 408. */
  readonly requestMs: number;
  /** How long a command may wait for its transaction; then 503, and its outcome is not known to the client. */
  readonly commandMs: number;
  /** A connection on which nothing moves is closed, so a client that does not read its answer ends here. */
  readonly silenceMs: number;
  /** An idle connection is kept this long; longer than the usual load balancer, so that it closes first. */
  readonly keepAliveMs: number;
  /** Between two comments on a stream on which nothing happens. */
  readonly heartbeatMs: number;
  /** How long requests may take to end when the server closes. */
  readonly graceMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  commandsAtOnce: 2_000,
  readsAtOnce: 5_000,
  bodyBytes: 100 * 1024,
  headerBytes: 16 * 1024,
  headersMs: 5_000,
  requestMs: 10_000,
  commandMs: 30_000,
  silenceMs: 120_000,
  keepAliveMs: 65_000,
  heartbeatMs: 15_000,
  graceMs: 10_000,
};
