/** One event of an order's own stream. */
export interface Progress {
  readonly name: string;
  readonly status: string;
}

/**
 * The progress of an order as the order service streams it (SSE), event by event, until it ends or `signal` is aborted.
 * A stream that fails is left alone: live lines never fail a story.
 */
export async function followProgress(
  url: string,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  try {
    const response = await fetch(url, { signal, headers: { accept: 'text/event-stream' } });
    if (!response.ok || response.body === null) return;
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const [whole, rest] = split(text + chunk);
      text = rest;
      for (const block of whole) {
        const progress = progressOf(block);
        if (progress !== undefined) onProgress(progress);
      }
    }
  } catch {
    // The story was over first, or the service went away, which the story itself finds out.
  }
}

/** Whole events, and the beginning of the next. */
function split(text: string): [string[], string] {
  const blocks = text.split('\n\n');
  const rest = blocks.pop() ?? '';
  return [blocks, rest];
}

/** Undefined for comments, and for the event that says that nothing more is to come. */
export function progressOf(block: string): Progress | undefined {
  const field = (name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const [name, data] = [field('event'), field('data')];
  if (name === undefined || data === undefined || name === 'end') return undefined;
  const { status } = JSON.parse(data) as { readonly status?: unknown };
  return { name, status: String(status) };
}
