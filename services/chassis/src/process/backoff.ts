/** Between 0 and min(cap, base × 2^(attempt-1)) ms. M. Brooker, "Exponential Backoff And Jitter", AWS, 2015. */
export function fullJitter(attempt: number, baseMs: number, capMs: number, random = Math.random): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30));
}
