import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { within } from '../src/children/ending.ts';
import { remember, running } from '../src/children/pid-files.ts';
import { allOf, endLeftovers, Supervisor } from '../src/children/supervisor.ts';
import { endedIn, lives, program, temporaryFolder } from './programs.ts';
import { Recorder } from './recorder.ts';

let place: ReturnType<typeof temporaryFolder>;
let folder: string;
let told: Recorder;
let supervisor: Supervisor;

beforeEach(() => {
  place = temporaryFolder();
  folder = place.folder;
  told = new Recorder();
  supervisor = new Supervisor({ dataDir: folder, report: told });
});

afterEach(async () => {
  await supervisor.stop();
  place.remove();
});

describe('a child', () => {
  it('is started again when it ends although nobody asked it to, and that is reported', async () => {
    const child = supervisor.add(0, program(folder, 'order'));
    await child.start();
    const first = child.pid ?? 0;
    rmSync(path.join(folder, 'order.ready'));
    child.kill('SIGKILL');
    expect(await within(5000, () => child.state === 'restarting')).toBe(true);
    await child.ready(10_000);
    expect(child.pid).not.toBe(first);
    expect(lives(first)).toBe(false);
    expect(told.lines.join('\n')).toMatch(/order was ended by SIGKILL; restarting it in 0.5 s/);
    expect(told.lines.at(-1)).toBe('order is ready again.');
  });

  it('is tried again and again, with longer waits, while it cannot start', async () => {
    const marker = path.join(folder, 'broken');
    const child = supervisor.add(
      0,
      program(folder, 'order', `if (require('node:fs').existsSync('${marker}')) process.exit(3);`),
    );
    await child.start();
    rmSync(path.join(folder, 'order.ready'));
    writeFileSync(marker, '');
    child.kill('SIGKILL');
    expect(await within(10_000, () => told.lines.some((line) => line.includes('ended with code 3')))).toBe(true);
    rmSync(marker);
    await child.ready(10_000);
    expect(told.lines.join('\n')).toMatch(/in 0.5 s[\s\S]*ended with code 3; restarting it in 1 s/);
  });

  it('that was given something for one launch is started again without it', async () => {
    const file = path.join(folder, 'seen');
    const code = `require('node:fs').appendFileSync(${JSON.stringify(file)}, (process.env.FAILPOINT ?? 'none') + ' ');`;
    const child = supervisor.add(0, program(folder, 'order', code));
    await child.start({ FAILPOINT: 'before-commit' });
    child.kill();
    expect(await within(5000, () => readFileSync(file, 'utf8') === 'before-commit none ')).toBe(true);
  });

  it('that is stopped stays stopped, and can be started again', async () => {
    const child = supervisor.add(0, program(folder, 'order'));
    await child.start();
    await child.stop();
    expect([child.state, child.pid]).toEqual(['stopped', undefined]);
    expect(running(folder)).toEqual([]);
    await child.start();
    expect(child.state).toBe('ready');
    expect(told.lines).toEqual([]);
  });

  it('that ends before it is ready fails the start, with the last lines of its log', async () => {
    const child = supervisor.add(0, program(folder, 'order', `console.error('PORT is missing'); process.exit(2);`));
    await expect(child.start()).rejects.toThrow(/order ended with code 2\.\n {4}PORT is missing/);
    expect(child.pid).toBeUndefined();
  });

  it('that does not become ready in time fails the start with the reason, and is stopped', async () => {
    const spec = { ...program(folder, 'order'), notReady: async () => 'kafka is away', readyWithinMs: 300 };
    const child = supervisor.add(0, spec);
    await expect(child.start()).rejects.toThrow(/order is not ready after 0.3 s: kafka is away/);
    expect(child.pid).toBeUndefined();
  });

  it('whose program does not exist fails the start', async () => {
    const child = supervisor.add(0, { ...program(folder, 'order'), command: path.join(folder, 'nothing') });
    await expect(child.start()).rejects.toThrow(/could not be started: .*ENOENT/);
  });

  it('that does not listen to SIGTERM is killed after its time, and that is reported', async () => {
    const child = supervisor.add(
      0,
      program(folder, 'order', `process.on('SIGTERM', () => {}); process.once = () => {};`),
    );
    await child.start();
    const pid = child.pid ?? 0;
    await child.stop();
    expect(lives(pid)).toBe(false);
    expect(told.lines).toEqual(['order did not stop within 3 s and was killed.']);
  });

  it('that is suspended (SIGSTOP) is stopped in the usual way', async () => {
    const child = supervisor.add(0, program(folder, 'order'));
    await child.start();
    child.kill('SIGSTOP');
    await child.stop();
    expect(endedIn(folder)).toEqual(['order']);
  });

  it('writes its output to its own log', async () => {
    const child = supervisor.add(0, program(folder, 'order', `console.log('out'); console.error('err');`));
    await child.start();
    expect(readFileSync(path.join(folder, 'logs/order.log'), 'utf8')).toBe('out\nerr\n');
  });
});

describe('a stack that stops', () => {
  it('stops the stages from the highest to the lowest, each when the one above is gone', async () => {
    for (const [stage, name] of [
      [0, 'postgres'],
      [1, 'kafka'],
      [2, 'order'],
    ] as const) {
      await supervisor.add(stage, program(folder, name)).start();
    }
    await supervisor.stop();
    expect(endedIn(folder)).toEqual(['order', 'kafka', 'postgres']);
  });

  it('starts nothing any more', async () => {
    await supervisor.stop();
    expect(() => supervisor.add(0, program(folder, 'order'))).toThrow('being stopped');
  });

  it('stops what has started when one part fails, and passes the failure on when all have given up', async () => {
    let gaveUp = false;
    const slowToGiveUp = once(supervisor.signal, 'abort')
      .then(() => sleep(200))
      .then(() => {
        gaveUp = true;
      });
    const works = [
      supervisor.add(0, program(folder, 'kafka')).start(),
      supervisor
        .add(1, { ...program(folder, 'registry'), notReady: async () => 'never', readyWithinMs: 60_000 })
        .start(),
      sleep(500).then(() => Promise.reject(new Error('order failed'))),
      slowToGiveUp,
    ];
    await expect(allOf(supervisor, works)).rejects.toThrow('order failed');
    expect(supervisor.children.map(({ pid }) => pid)).toEqual([undefined, undefined]);
    expect(gaveUp).toBe(true);
  });

  it('passes on the failure that came first, not those that follow from it', async () => {
    const registry = { ...program(folder, 'registry'), notReady: async () => 'never', readyWithinMs: 60_000 };
    const migrations = sleep(100).then(() => Promise.reject(new Error('migrations failed')));
    const works = [supervisor.add(1, registry).start(), allOf(supervisor, [migrations])];
    await expect(allOf(supervisor, works)).rejects.toThrow('migrations failed');
  });
});

describe('what a killed launcher left behind', () => {
  it('is ended by the next start', async () => {
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    const exit = once(orphan, 'exit');
    remember(folder, 'kafka', orphan.pid ?? 0, ['SIGTERM']);
    await endLeftovers({ dataDir: folder, report: told });
    await exit;
    expect(told.lines.join()).toContain(`kafka (${orphan.pid})`);
    expect(running(folder)).toEqual([]);
  });

  it('is left alone when its pid now belongs to another process', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    remember(folder, 'kafka', stranger.pid ?? 0, ['SIGTERM']);
    const file = path.join(folder, 'run/kafka.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), start: 'an earlier boot/123' }));
    await endLeftovers({ dataDir: folder, report: told });
    expect([lives(stranger.pid ?? 0), told.lines]).toEqual([true, []]);
    stranger.kill('SIGKILL');
    await once(stranger, 'exit');
    expect(existsSync(file)).toBe(true);
  });
});
