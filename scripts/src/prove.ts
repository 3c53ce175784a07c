import { readFileSync, writeFileSync } from 'node:fs';
import { StartError } from '@troupe/embedded';
import {
  type Bounds,
  BUGS,
  DEFAULT_BOUNDS,
  endsOfOneOrder,
  proveAll,
  type Replayed,
  replay,
  replayOnRuntime,
  type ScenarioBounds,
  scenarios,
  type Trace,
} from '@troupe/prover';
import { endLines, proofTable, storyLines } from './prove/lines.ts';
import { runCommand } from './terminal/command.ts';
import { countOf, numberOf, readOptions } from './terminal/options.ts';

const DEFAULT_MOST = 20_000_000;
const TRACE_FILE = 'prove-trace.json';

const BUDGETS: Readonly<Record<keyof Bounds, string>> = {
  faults: 'in each order, of all that follows but cancellations together',
  again: 'events and answers that reach their rule a second time, as after the inbox was pruned',
  deadLetters: 'events that become a dead letter and are handled again later',
  cancels: 'cancellations by the customer',
  silences: 'times that the orchestrator goes on without the answer of a participant',
  operators: 'acts of operators: retry, resolve, give up, end a call',
  refusals: 'refusals of the outside to undo something',
  stragglers: 'requests that reach a participant after the orchestrator has given them up',
};
const optionOf = (budget: string): string => budget.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const USAGE = `Usage: npm run prove -- [options]

Explores orders completely: every order of steps that the production reaction tables allow within the bounds. Each topic keeps
the order of an order's events, and topics overtake each other. Each call is answered in each way, late or never; each timer
goes off at any moment after it was set; people act at any moment. In every state the invariants must hold, every state must
reach an end, and every customer must come to rest even if nobody outside answers any more.

  --long                 also the scenario that takes long: two orchestrated orders (ten million states, minutes)
  --only <text>          the scenarios alone whose name has this text
  --most <n>             stop a scenario after so many states (default ${DEFAULT_MOST})
${(Object.keys(BUDGETS) as (keyof Bounds)[]).map((budget) => `  --${`${optionOf(budget)} <n>`.padEnd(21)}${BUDGETS[budget]} (default: one ${DEFAULT_BOUNDS.one[budget]}, two ${DEFAULT_BOUNDS.two[budget]})`).join('\n')}
  --step-by-step         notification takes part step by step, too; without it, it handles at once what it hears
  --bug <name>           with a bug planted, to see that it is found; its name is one of those below
  --trace <file>         do the steps of a trace again, on the tables of today
  --ends <file>          write all ends with their shortest ways, for docs/choreography.md
  --workers <n>          how many at once (default: one for each core)
  --json                 the result as one JSON document on standard output
  --help                 this text

Bugs that can be planted:
${Object.keys(BUGS)
  .map((name) => `  ${name}`)
  .join('\n')}

It ends with 0 only if every scenario was explored completely, and nothing was wrong. The shortest way to a fault is written
to ${TRACE_FILE}.`;

await runCommand(async () => {
  const options = readOptions(USAGE, {
    long: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    most: { type: 'string', default: String(DEFAULT_MOST) },
    'step-by-step': { type: 'boolean', default: false },
    bug: { type: 'string' },
    trace: { type: 'string' },
    ends: { type: 'string' },
    workers: { type: 'string' },
    json: { type: 'boolean', default: false },
    ...Object.fromEntries(Object.keys(BUDGETS).map((budget) => [optionOf(budget), { type: 'string' as const }])),
  });
  const { bug, json } = options;
  if (bug !== undefined && BUGS[bug] === undefined) throw unknownBug(bug);
  const output = json ? process.stderr : process.stdout;
  const print = (line: string): void => void output.write(`${line}\n`);

  if (options.trace !== undefined) return showReplay(readTrace(options.trace), print);

  const bounds = boundsOf(options as Readonly<Record<string, unknown>>);
  const all = scenarios(bounds, options['step-by-step'] ? 'step by step' : 'at once');
  const wanted = all.filter(({ name, isLong }) => name.includes(options.only) && (options.long || !isLong));
  if (wanted.length === 0)
    throw new StartError([
      `No scenario has ${JSON.stringify(options.only)} in its name. There are: ${all.map(({ name }) => name).join('; ')}.`,
    ]);

  const proofs = await proveAll({
    scenarios: wanted,
    most: countOf('most', options.most),
    bug,
    ...(options.workers !== undefined && { workers: countOf('workers', options.workers) }),
    proved: ({ scenario, states, seconds }) => print(`${scenario.name}: ${states} states, ${seconds.toFixed(1)} s`),
  });
  print('');
  for (const line of [...proofTable(proofs), '', ...endLines(proofs)]) print(line);
  if (json) console.log(JSON.stringify({ bounds, proofs }));
  if (options.ends !== undefined) writeFileSync(options.ends, `${JSON.stringify(endsOfOneOrder(proofs), null, 2)}\n`);

  const wrong = proofs.find(({ violation }) => violation !== undefined);
  if (wrong?.violation !== undefined) {
    const { fault, trace: steps } = wrong.violation;
    const trace: Trace = { scenario: wrong.scenario, ...(bug && { bug }), fault, steps };
    writeFileSync(TRACE_FILE, `${JSON.stringify(trace, null, 2)}\n`);
    const again = `Again: npm run prove -- --trace ${TRACE_FILE}`;
    throw new StartError([[...storyLines(wrong.scenario.name, { fault, steps }), again].join('\n')]);
  }
  const cut = proofs.filter(({ isComplete }) => !isComplete);
  if (cut.length > 0)
    throw new StartError(
      cut.map(
        ({ scenario, states }) =>
          `"${scenario.name}" has more than ${states} states: nothing is proven. Give --most more, or lower a bound.`,
      ),
    );
});

function boundsOf(options: Readonly<Record<string, unknown>>): ScenarioBounds {
  const given = Object.entries(BUDGETS).flatMap(([budget]) => {
    const text = options[optionOf(budget)];
    return typeof text === 'string' ? [[budget, numberOf(optionOf(budget), text, 0)] as const] : [];
  });
  const changed = Object.fromEntries(given) as Partial<Bounds>;
  return { one: { ...DEFAULT_BOUNDS.one, ...changed }, two: { ...DEFAULT_BOUNDS.two, ...changed } };
}

function readTrace(file: string): Trace {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Trace;
  } catch (error) {
    throw new StartError([
      `${file} cannot be read as a trace: ${(error as Error).message}. Give the file that npm run prove wrote.`,
    ]);
  }
}

async function showReplay(trace: Trace, print: (line: string) => void): Promise<void> {
  for (const line of storyLines(trace.scenario.name, trace)) print(line);
  const replayed: Replayed = await replay(trace);
  if (replayed.kind === 'impossible') {
    print(`\nStep ${replayed.step} is not possible any more. Possible there:`);
    for (const label of replayed.instead) print(`  ${label}`);
    return;
  }
  if (trace.scenario.orders === 1) print(onRuntime(await replayOnRuntime(trace)));
  if (replayed.faults.length === 0) return print('All steps are possible, and nothing is wrong at the end any more.');
  throw new StartError(replayed.faults);
}

function onRuntime({ statuses, contradictions }: Awaited<ReturnType<typeof replayOnRuntime>>): string {
  const { order, payment, reservation, shipment } = statuses;
  const end = `order ${order}, payment ${payment}, reservation ${reservation}, shipment ${shipment}`;
  return [
    '',
    `On the production runtime the same steps lead to: ${end}.`,
    ...contradictions.map((fact) => `The order ${fact}.`),
  ].join('\n');
}

function unknownBug(bug: string): StartError {
  return new StartError([`There is no bug ${JSON.stringify(bug)}. There are: ${Object.keys(BUGS).join(', ')}.`]);
}
