import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { defaultPorts, type Stack } from '@troupe/embedded';
import { summary } from '../src/start/summary.ts';

const tour = readFileSync(new URL('../../docs/tour.md', import.meta.url), 'utf8');
const shown = /## What a start shows\n\n```text\n([\s\S]*?)```/.exec(tour)?.[1]?.trimEnd().split('\n') ?? [];
const stack = {
  settings: { ports: defaultPorts, dataDir: path.resolve('.troupe/data') },
  memory: () => [{ name: 'launcher', megabytes: 60 }],
} as unknown as Stack;

/** How long it took and what it uses differs from machine to machine. */
const steady = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('Ready after '));

describe('What a start shows', () => {
  const lines = summary(stack, { docker: false, relay: 'logical' });

  it('begins with the console', () => {
    expect(lines.find((line) => line !== '')).toBe('Console: http://localhost:3000');
  });

  it('ends in the tour as it ends here', () => {
    const from = shown.findIndex((line) => line.startsWith('Console: '));
    expect(steady(shown.slice(from - 1))).toEqual(steady(lines));
  });

  it('tells in the tour what each process of today uses', () => {
    const memory = shown.find((line) => line.startsWith('Ready after ')) ?? '';
    for (const part of ['launcher', 'console', 'kafka', 'postgres', 'registry', 'order'])
      expect(memory).toContain(part);
  });
});
