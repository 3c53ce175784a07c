/** Undefined when a GET is answered with 2xx, else why not. */
export async function httpDoesNotAnswer(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    const body = await response.text();
    return response.ok ? undefined : `${url} answers ${response.status} ${body.slice(0, 300)}`;
  } catch (error) {
    const { cause, message } = error as Error;
    return `${url}: ${cause instanceof Error ? cause.message : message}`;
  }
}
