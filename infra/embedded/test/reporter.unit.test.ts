import { setTimeout as sleep } from 'node:timers/promises';
import type { WriteStream } from 'node:tty';
import { expect, it } from '@jest/globals';
import { plainReporter, type Reporter, terminalReporter } from '../src/reporter.ts';

async function tell(report: Reporter): Promise<void> {
  await report.step('Kafka', async (update) => update('1 of 43 MB'));
  report.warn('kafka was ended');
  report.note('Ready.');
}

it('lines for logs and pipes carry no colour codes, and a quick step says only that it is done', async () => {
  const lines: string[] = [];
  await tell(plainReporter((line) => lines.push(line)));
  expect(lines).toEqual(['  Kafka: ready after 0.0 s', '! kafka was ended', 'Ready.']);
});

it('a terminal shows what runs, and keeps a line of what is done', async () => {
  let written = '';
  const write = (text: string): boolean => {
    written += text;
    return true;
  };
  const report = terminalReporter({ write, columns: 80 } as unknown as WriteStream);
  await report.step('Kafka', async (update) => {
    update('12 of 43 MB');
    await sleep(250);
  });
  expect(written).toContain('… Kafka 12 of 43 MB');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes that a terminal gets.
  expect(written.replace(/\x1b\[\d*m/g, '').split('\n')[0]).toMatch(/✔ Kafka \d+\.\d s$/);
  expect(written.endsWith('\r\x1b[K')).toBe(true);
});

it('the outcome of a step is passed on, a failure as well', async () => {
  const report = plainReporter(() => {});
  expect(await report.step('one', async () => 1)).toBe(1);
  await expect(report.step('two', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
