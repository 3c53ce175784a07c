import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MapView, SagaDetail, TopicsView } from '@troupe/console';
import { freePorts, type PortName, portVariable, projectHome } from '@troupe/embedded';
import avsc from 'avsc';
import { Kafka, logLevel } from 'kafkajs';
import { copyProject } from './add-a-service/copy-project.ts';

const MINUTE_MS = 60_000;
const page = readFileSync(path.join(projectHome, 'docs/add-a-service.md'), 'utf8');

/** What the page shows, in its order: files to write, and commands to run. */
type Step = { readonly file: string; readonly text: string } | { readonly commands: string };
const BLOCK = /(?:^\*\*`([^`]+)`\*\*\n\n)?^```(\w+)\n([\s\S]*?)^```/gm;
const steps = [...page.matchAll(BLOCK)].map(([, file, language, text = '']): Step => {
  if (file !== undefined) return { file, text };
  if (language === 'sh') return { commands: text };
  throw new Error(`docs/add-a-service.md shows a block of ${language} that belongs to no file.`);
});
const start = steps.findIndex((step) => 'commands' in step && step.commands === 'npm start\n');
const isAsk = (step: Step): step is { readonly commands: string } => 'commands' in step;

let folder: string;
let env: NodeJS.ProcessEnv;
let ports: Readonly<Record<PortName, number>>;
beforeAll(async () => {
  // Not `troupe-test-`: the `npm test` that the page runs clears folders of that name away, once they are a minute old.
  folder = mkdtempSync(path.join(tmpdir(), 'troupe-add-a-service-'));
  copyProject(projectHome, folder);
  ports = await freePorts();
  const { order: ofLoyalty } = await freePorts();
  const variables = (Object.keys(ports) as PortName[]).map((name) => [portVariable(name), String(ports[name])]);
  env = {
    ...process.env,
    ...Object.fromEntries(variables),
    TROUPE_LOYALTY_PORT: String(ofLoyalty),
    TROUPE_DATA_DIR: path.join(folder, '.troupe/data'),
    FORCE_COLOR: '0',
  };
}, 5 * MINUTE_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs commands as the page shows them; on the ports of this test. */
function run(commands: string): string {
  const here = commands.replaceAll(/localhost:3001\b/g, `localhost:${ports.order}`);
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', here], {
    cwd: folder,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${here}ended with ${status}:\n${stdout.slice(-5_000)}\n${stderr.slice(-5_000)}`);
  return stdout;
}

/** The system of the copy. The program is that of `npm start`, without npm around it, which could end before it. */
async function started(): Promise<{ readonly stop: () => Promise<void>; readonly shown: readonly string[] }> {
  const program = [path.join(folder, 'scripts/run.mjs'), 'start'];
  const child = spawn(process.execPath, program, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const shown: string[] = [];
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const isReady = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      shown.push(line);
      if (line.includes('Ctrl-C stops everything')) resolve();
    });
  });
  // Whoever waits for the start learns when it fails; later on nobody does.
  const early = ended.then(() => Promise.reject(new Error(`npm start ended early:\n${shown.join('\n')}`)));
  await Promise.race([isReady, early]);
  early.catch(() => undefined);
  return {
    shown,
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** The first record about an order on a topic, read by a client that knows the conventions of the wire and nothing else. */
async function readFirst(topic: string, orderId: string): Promise<unknown> {
  const kafka = new Kafka({ brokers: [`127.0.0.1:${ports.kafka}`], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `foreigner-${randomUUID()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const value = await new Promise<Buffer>((resolve, reject) => {
      const eachMessage = async ({ message }: { message: { key: Buffer | null; value: Buffer | null } }) => {
        if (String(message.key) === orderId && message.value !== null) resolve(message.value);
      };
      consumer.run({ eachMessage }).catch(reject);
    });
    const [magic, id] = [value.readUInt8(0), value.readInt32BE(1)];
    expect(magic).toBe(0);
    const answer = await fetch(`http://127.0.0.1:${ports.registry}/apis/ccompat/v7/schemas/ids/${id}`);
    const { schema } = (await answer.json()) as { schema: string };
    return avsc.Type.forSchema(JSON.parse(schema)).fromBuffer(value.subarray(5));
  } finally {
    await consumer.disconnect();
  }
}

/** The console was not touched: lanes, map and topics come from the tables. */
async function shownInConsole(orderId: string): Promise<void> {
  const asked = async <View>(address: string) =>
    (await (await fetch(`http://127.0.0.1:${ports.console}${address}`)).json()) as View;
  const granted = {
    service: 'loyalty',
    event: 'PointsGranted',
    state: 'done',
    hears: 'OrderConfirmed',
    nobodyWaits: true,
  };
  const end = Date.now() + MINUTE_MS / 6;
  let saga = await asked<SagaDetail>(`/api/sagas/${orderId}`);
  while (
    !saga.steps?.some(({ event, state }) => event === granted.event && state === granted.state) &&
    Date.now() < end
  ) {
    await sleep(200);
    saga = await asked<SagaDetail>(`/api/sagas/${orderId}`);
  }
  expect(saga.steps).toContainEqual(expect.objectContaining(granted));
  expect(saga.lanes).toContainEqual(expect.objectContaining({ service: 'loyalty' }));
  const map = await asked<MapView>('/api/map');
  expect(map.services).toContainEqual(expect.objectContaining({ service: 'loyalty', standing: 'ready' }));
  expect(map.edges).toContainEqual(expect.objectContaining({ event: 'OrderConfirmed', to: 'loyalty' }));
  const { topics } = await asked<TopicsView>('/api/topics');
  expect(topics).toContainEqual(expect.objectContaining({ name: 'loyalty.events', owner: 'loyalty' }));
}

describe('docs/add-a-service.md', () => {
  it(
    'adds a service that builds, is linted and tested, and runs in the simulation',
    () => {
      for (const step of steps.slice(0, start)) {
        if (isAsk(step)) {
          run(step.commands);
          continue;
        }
        mkdirSync(path.join(folder, path.dirname(step.file)), { recursive: true });
        writeFileSync(path.join(folder, step.file), step.text);
      }
    },
    30 * MINUTE_MS,
  );

  it('has it in the documents of the choreography', () => {
    const written = (file: string): string => readFileSync(path.join(folder, file), 'utf8');
    expect(written('docs/choreography.md')).toContain('\n### loyalty\n');
    expect(written('docs/asyncapi.yaml')).toContain('address: loyalty.events\n');
    expect(written('README.md')).toContain('order -- OrderConfirmed --> notification & loyalty\n');
  });

  it(
    'starts it, and a foreign client reads what it emits',
    async () => {
      const { shown, stop } = await started();
      try {
        expect(shown.join('\n')).toMatch(/^ {2}loyalty +http:\/\/localhost:\d+$/m);
        const [place = '', audit = ''] = steps.slice(start + 1).map((step) => (isAsk(step) ? step.commands : ''));
        const { orderId } = JSON.parse(run(place)) as { orderId: string };
        const granted = await readFirst('loyalty.events', orderId);
        const points = expect.any(Number);
        expect({ ...(granted as object) }).toEqual({ orderId, customerId: expect.any(String), points });
        const address = `http://127.0.0.1:${env.TROUPE_LOYALTY_PORT}`;
        const view = (await (await fetch(`${address}/loyalty/${orderId}`)).json()) as object;
        expect(view).toMatchObject({ id: orderId, points: (granted as { points: number }).points });
        expect((await fetch(`${address}/readyz`)).status).toBe(200);
        await shownInConsole(orderId);
        expect(audit).toBe('npm run audit\n');
        run(audit);
      } finally {
        await stop();
      }
    },
    10 * MINUTE_MS,
  );
});
