import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeRuntime, projectHome, serviceNames } from '@troupe/embedded';
import { Dice } from '../src/attacks/chaos/dice.ts';
import { Load } from '../src/attacks/chaos/load.ts';
import { verdictOf } from '../src/attacks/chaos/verdict.ts';
import { Composition } from '../src/containers/composition.ts';
import { docker } from '../src/containers/docker.ts';
import { imageOf, isThere } from '../src/containers/images.ts';
import { orphansIn, servicesIn, traceById, tracesOfSaga } from '../src/containers/jaeger.ts';
import type { StoryResult } from '../src/demo/story-result.ts';
import { metricIn } from '../src/stack/metrics-text.ts';

const run = promisify(execFile);
const MINUTE_MS = 60_000;
/** No order may end because of the clock. An approval that nobody gives expires soon enough to wait for it. */
const SETTINGS = { ORDER_DEADLINE_MS: '3600000', APPROVAL_TIMEOUT_MS: '8000' };
const OURS = [...serviceNames, 'console', 'provider', 'carrier', 'mailbox'];

/** Where its image could not be pulled, and nobody has made a stand-in. */
const withPrometheus = (await isThere(imageOf('prom/prometheus'))) ? it : it.skip;

let system: Composition;
beforeAll(async () => {
  system = await Composition.named(`troupe-test-${process.pid}`, SETTINGS);
  await system.compose('up', '--wait');
}, 5 * MINUTE_MS);
afterAll(() => system?.remove(), 2 * MINUTE_MS);

/** A command of the project, as a person runs it beside the containers. Its result is one JSON document. */
async function command<Result>(name: string, ...options: readonly string[]): Promise<Result> {
  const program = path.join(projectHome, 'scripts/dist/src', `${name}.js`);
  const args = [program, ...options, '--json'];
  // One that has found something ends with 1, and says what all the same.
  const { stdout, stderr } = await run(nodeRuntime().command, args, {
    env: system.env,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { readonly stdout?: string; readonly stderr?: string }) => error);
  if (!stdout) throw new Error(`${name} said nothing but: ${stderr}`);
  return JSON.parse(stdout) as Result;
}

async function until<Answer>(what: string, look: () => Promise<Answer | undefined>): Promise<Answer> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`Not within 30 s: ${what}`);
    await sleep(250);
  }
}

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
}
interface AlertRule {
  readonly name: string;
  readonly health: string;
  readonly state: string;
}

/** @throws Error with what Prometheus does not understand */
async function prometheus<Data>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Data> {
  const response = await fetch(`${system.prometheusUrl}/api/v1/${path}?${new URLSearchParams(query)}`);
  const { status, error, data } = (await response.json()) as { status: string; error?: string; data: Data };
  if (status !== 'success') throw new Error(`Prometheus does not understand ${JSON.stringify(query)}: ${error}`);
  return data;
}

function expressionsOfDashboards(): readonly string[] {
  const folder = path.join(projectHome, 'infra/compose/grafana/dashboards');
  const boards = readdirSync(folder).map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Board);
  const targets = boards.flatMap(({ panels }) => panels.flatMap(({ targets = [] }) => targets));
  return targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m'));
}
interface Board {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
}

async function withoutAnswer(expressions: readonly string[]): Promise<readonly string[]> {
  const answers = expressions.map(async (query) => {
    const { result } = await prometheus<{ result: readonly Sample[] }>('query', { query });
    return result.length === 0 ? [query] : [];
  });
  return (await Promise.all(answers)).flat();
}

interface Told {
  readonly ok: boolean;
  readonly stories: readonly (StoryResult & { readonly ok: boolean })[];
}

describe('the compose files', () => {
  it.each(['compose.yaml', 'infra/compose/compose.yaml', 'infra/compose/infrastructure.yaml'])(
    '%s is accepted by Compose, and publishes nothing beyond loopback',
    async (file) => {
      const options = ['--file', path.join(projectHome, file), '--profile', '*'];
      const text = await docker(['compose', ...options, 'config', '--format', 'json']);
      const { name, services } = JSON.parse(text) as Effective;
      const ports = Object.values(services).flatMap((service) => service.ports ?? []);
      expect(name).toBe('troupe');
      expect(ports.length).toBeGreaterThan(5);
      expect(ports.filter(({ host_ip }) => host_ip !== '127.0.0.1')).toEqual([]);
    },
  );
});
interface Effective {
  readonly name: string;
  readonly services: Readonly<Record<string, { readonly ports?: readonly { readonly host_ip?: string }[] }>>;
}

describe('the whole system in containers', () => {
  it('is set up once, and ready when `docker compose up --wait` returns', async () => {
    const [setup] = await system.inspect('setup');
    expect(setup?.State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    for (const service of serviceNames) {
      expect((await fetch(`${system.addresses.serviceUrl(service)}/readyz`)).status).toBe(200);
    }
    expect((await fetch(`${system.addresses.consoleUrl}/`)).status).toBe(200);
  });

  it.each(OURS)('%s is not root, writes to no file of its image, and has no right of the kernel', async (service) => {
    const [container] = await system.inspect(service);
    expect(container?.Config.User).toMatch(/^[1-9]\d*/);
    const look = 'id -u; touch /troupe/x 2>&1; grep -E "^(CapEff|NoNewPrivs)" /proc/1/status';
    const said = await system.compose('exec', '--no-TTY', service, 'sh', '-c', look);
    expect(said).toMatch(/^[1-9]\d*\n/);
    expect(said).toContain('Read-only file system');
    expect(said).toMatch(/CapEff:\s+0000000000000000\n/);
    expect(said).toMatch(/NoNewPrivs:\s+1\n/);
  });

  const told: StoryResult[] = [];
  it.each([[], ['--orchestrated']])('tells every story over its published ports %j', async (...options) => {
    const { ok, stories } = await command<Told>('demo', ...options.flat());
    expect(stories.filter((story) => !story.ok)).toEqual([]);
    expect({ ok, several: stories.length > 5 }).toEqual({ ok: true, several: true });
    told.push(...stories);
  });

  it('has the trace of the 202 answer in Jaeger whole, under its id and under the id of the saga', async () => {
    const order = told.find(({ orders }) => orders.length === 1)?.orders[0];
    if (order === undefined) throw new Error('No story has placed an order.');
    expect(order.links.trace).toBe(`http://localhost:${new URL(system.jaegerUrl).port}/trace/${order.traceId}`);
    const trace = await until('the whole trace', async () => {
      const found = await traceById(system.jaegerUrl, order.traceId);
      return found && servicesIn(found).length === serviceNames.length && orphansIn(found).length === 0
        ? found
        : undefined;
    });
    expect(servicesIn(trace)).toEqual([...serviceNames].sort());
    for (const service of serviceNames) {
      const found = await tracesOfSaga(system.jaegerUrl, service, order.orderId);
      expect(found.map(({ traceID }) => traceID)).toContain(order.traceId);
    }
    expect(await tracesOfSaga(system.jaegerUrl, 'order', '00000000-0000-7000-8000-000000000000')).toEqual([]);
  });

  it('shows each order in the console that its answer links', async () => {
    for (const { orderId, links } of told.flatMap(({ orders }) => orders)) {
      const page = `/sagas/${orderId}`;
      expect(links.console).toBe(`http://localhost:${system.ports.console}${page}`);
      expect((await fetch(`${system.addresses.consoleUrl}/api${page}`)).status).toBe(200);
    }
  });

  withPrometheus(
    'is measured: Prometheus reaches each instance, and understands every dashboard and alert',
    async () => {
      await system.compose('--profile', 'metrics', 'up', '--wait', 'prometheus');
      const up = await until('every target is up', async () => {
        const found = await prometheus<{ result: readonly Sample[] }>('query', { query: 'up == 1' });
        return found.result.length === serviceNames.length + 1 ? found.result : undefined;
      });
      expect(up.map(({ metric }) => metric.job).sort()).toEqual([...serviceNames, 'console'].sort());
      const { groups } = await until('every alert was looked at', async () => {
        const found = await prometheus<{ groups: readonly { rules: readonly AlertRule[] }[] }>('rules');
        return found.groups.every(({ rules }) => rules.every(({ health }) => health !== 'unknown')) ? found : undefined;
      });
      const rules = groups.flatMap((group) => group.rules);
      expect(rules.length).toBeGreaterThan(10);
      expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
      expect(rules.filter(({ state }) => state === 'firing').map(({ name }) => name)).toEqual([]);
      // What counts refusals has no sample before the first one.
      const expressions = expressionsOfDashboards().filter((text) => !/_refused_total|sent_away|circuit/.test(text));
      let empty: readonly string[] = expressions;
      await until('every dashboard shows something', async () => {
        empty = await withoutAnswer(empty);
        return empty.length === 0 || undefined;
      }).catch((error: Error) => Promise.reject(new Error(`${error.message}\n${empty.join('\n')}`)));
    },
  );

  it('passes `npm run audit`', async () => {
    const report = await command<{ healthy: boolean; seen: { events?: number } }>('audit', '--containers', '--at-rest');
    expect(report).toMatchObject({ healthy: true });
  });
});

/** Orders of all kinds while `work` is done; then what must hold of them. */
async function underLoad(seed: number, work: () => Promise<void>) {
  const load = new Load([system.addresses.serviceUrl('order')], new Dice(seed));
  load.start(40);
  try {
    await sleep(1_000);
    await work();
    await sleep(1_000);
  } finally {
    await load.stop();
  }
  const { invariants, answers } = await verdictOf(system, load);
  expect(invariants.filter(({ broken }) => broken.length > 0)).toEqual([]);
  expect(answers.ok).toBeGreaterThan(20);
}

describe('a container that ends', () => {
  it('by SIGKILL, whichever it is, under load: nothing is lost and nothing done twice', async () => {
    await underLoad(1, async () => {
      for (const service of [...serviceNames, 'kafka', 'postgres', 'registry', 'console']) {
        await system.kill(service);
        await sleep(500);
        await system.start(service);
        await sleep(1_500);
      }
    });
    await system.compose('up', '--wait');
  });

  it('by itself is started again', async () => {
    const [before] = await system.inspect('payment');
    process.kill(before?.State.Pid ?? Number.NaN, 'SIGKILL');
    const after = await until('payment was started again', async () => {
      const [now] = await system.inspect('payment');
      return now?.State.Status === 'running' && now.State.Pid !== before?.State.Pid ? now : undefined;
    });
    expect(after.RestartCount).toBe(1);
    await system.compose('up', '--wait');
  });

  it.each(serviceNames)(
    '%s, stopped with work in flight, ends by itself within its time, and nothing is lost',
    async (service) => {
      await underLoad(2, async () => {
        await system.compose('stop', service);
        const [stopped] = await system.inspect(service);
        // 137 is a container that was killed because its time was over, 1 a process that gave up waiting.
        expect(stopped?.State).toMatchObject({ Status: 'exited', ExitCode: 0, OOMKilled: false });
        await system.start(service);
      });
    },
  );
});

describe('two instances of a service', () => {
  it('share its work; one publishes, and the other goes on when it is killed', async () => {
    const TWO = { TROUPE_PAYMENT_PORT: system.sparePorts };
    await system.composeWith(TWO, 'up', '--wait', '--scale', 'payment=2', 'payment');
    const urls = await Promise.all(
      [1, 2].map(async (index) => {
        const published = await system.composeWith(TWO, 'port', '--index', String(index), 'payment', '3002');
        return `http://${published.trim()}`;
      }),
    );
    const active = async () =>
      Promise.all(urls.map(async (url) => metricIn(await metricsOf(url), 'troupe_relay_active')));
    await underLoad(3, async () => {
      const publishing = (await active()).indexOf(1);
      expect((await active()).sort()).toEqual([0, 1]);
      const [victim] = (await system.inspect('payment')).filter((_, index) => index === publishing);
      await docker(['kill', '--signal', 'SIGKILL', victim?.Name.slice(1) ?? '']);
      await until('the other publishes', async () => {
        const text = await metricsOf(urls[1 - publishing] ?? '');
        return metricIn(text, 'troupe_relay_active') === 1 || undefined;
      });
      await docker(['start', victim?.Name.slice(1) ?? '']);
    });
  });
});

describe('Debezium as the relay', () => {
  it('publishes what the services write: nothing is lost and nothing done twice, also when its worker is killed', async () => {
    await system.composeWith({ RELAY: 'none' }, '--profile', 'debezium', 'up', '--wait');
    await underLoad(4, async () => {
      await sleep(3_000);
      await system.kill('debezium');
      await system.start('debezium');
    });
  });
});

describe('`docker compose down`', () => {
  it('leaves nothing running, and with --volumes nothing at all', async () => {
    await system.compose('--profile', '*', 'down');
    expect((await system.left()).filter((one) => !one.startsWith('volume '))).toEqual([]);
    await system.compose('--profile', '*', 'down', '--volumes');
    expect(await system.left()).toEqual([]);
  });
});
