/** How much and how long one client may take, and how many at once. */
export const HTTP_LIMITS = {
  /** Requests that change something and have no answer yet; further ones are answered 503. */
  commandsAtOnce: 2_000,
  /** Requests that read, those that wait for news and streams among them; further ones are answered 503. */
  readsAtOnce: 5_000,
  /** A body above this is answered 413. */
  bodyBytes: 100 * 1024,
  /** All headers of a request together; above it 431. */
  headerBytes: 16 * 1024,
  /** From the connection's first byte to the end of the headers; then 408. */
  headersMs: 5_000,
  /** From the first byte to the end of the body; then 408. */
  requestMs: 10_000,
  /** How long a command may wait for its transaction; then 503, and its outcome is not known to the client. */
  commandMs: 30_000,
  /** A connection on which nothing moves is closed, so a client that does not read its answer ends here. */
  silenceMs: 120_000,
  /** An idle connection is kept this long; longer than the usual load balancer, so that it closes first. */
  keepAliveMs: 65_000,
  /** Between two comments on a stream on which nothing happens. */
  heartbeatMs: 15_000,
  /** How long requests may take to end when the server closes. */
  graceMs: 10_000,
};

export type HttpLimits = Readonly<typeof HTTP_LIMITS>;
