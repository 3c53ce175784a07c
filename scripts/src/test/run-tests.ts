import { freePorts } from '@troupe/embedded';
import { withOwnStack } from '../stack/own-stack.ts';
import { interruption, reporter } from '../terminal/command.ts';
import { checkFormat, checkImports, checkPageTypes, checkTypes } from './checks.ts';
import { environmentOf, SERVICE_SETTINGS } from './environment.ts';
import { runJest } from './jest.ts';
import { mustAllBeRun, TIERS, type Tier } from './kinds.ts';
import { type Count, Tally } from './tally.ts';

/**
 * Runs a tier: first what needs no stack, then the rest against a stack of its own, on free ports, in a folder that goes
 * when it ends. The last line counts. With words it runs the test files of every tier whose path contains one of them, and
 * no checks.
 */
export async function runTests(tier: Tier): Promise<void> {
  mustAllBeRun();
  const only = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  const tiers = only.length === 0 ? [TIERS[tier]] : Object.values(TIERS);
  const alone = tiers.flatMap((kinds): readonly string[] => kinds.alone);
  const onStack = tiers.flatMap((kinds): readonly string[] => kinds.onStack);
  const report = reporter();
  const signal = interruption(report);
  const tally = new Tally();
  if (tier === 'test' && only.length === 0) {
    tally.add('types', await checkTypes());
    tally.add('types of the page', await checkPageTypes());
    tally.add('lint', await checkFormat());
    tally.add('imports', await checkImports());
  }
  tally.add(alone.join(', '), await runJest(alone, only));
  signal.throwIfAborted();
  tally.add(onStack.join(', '), await againstStack());
  console.log(`\n${tally.table()}\n\n${tally.line()}`);
  if (tally.failed > 0) process.exitCode = 1;

  async function againstStack(): Promise<Count> {
    // One of a set that no stack gets while this process lives.
    const { connect: collectorPort } = await freePorts();
    const serviceEnv = { ...SERVICE_SETTINGS, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}` };
    return withOwnStack({ templates: true, serviceEnv, report, signal }, (stack) =>
      runJest(onStack, only, environmentOf(stack, collectorPort)),
    );
  }
}
