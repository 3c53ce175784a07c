/** Requests that are on their way at once. What comes meanwhile is not passed on: who takes it is too slow. */
const AT_ONCE = 8;
const WITHIN_MS = 5_000;

/** Sends what came to another receiver as well, as it came. Never makes anybody wait, and never fails. */
export function passOn(url: string): (body: Buffer) => void {
  let under = 0;
  return (body) => {
    if (under >= AT_ONCE) return;
    under += 1;
    const headers = { 'content-type': 'application/json' };
    fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(WITHIN_MS),
    })
      .then((answer) => answer.body?.cancel())
      .catch(() => undefined)
      .finally(() => {
        under -= 1;
      });
  };
}
