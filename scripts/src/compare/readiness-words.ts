/** One answer of `/readyz`. */
export interface Word {
  /** Since the outage began. */
  readonly atMs: number;
  readonly status: number;
  /** Why it is not ready; empty when it is. */
  readonly reason: string;
}

/** The first of every row of answers that say the same. */
export function said(words: readonly Word[]): Word[] {
  return words.filter(({ status }, at) => status !== words[at - 1]?.status);
}

/** `200 all the time`, or `200, 503 from 1.5 s, 200 from 12.0 s`. */
export function wordsText(words: readonly Word[]): string {
  const [first, ...rest] = said(words);
  if (first === undefined) return 'not looked at';
  if (rest.length === 0) return `${first.status} all the time`;
  return [
    String(first.status),
    ...rest.map(({ status, atMs }) => `${status} from ${(atMs / 1_000).toFixed(1)} s`),
  ].join(', ');
}
