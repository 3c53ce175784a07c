import type { Projection, ProjectionContext, ProjectionDefinition } from '@troupe/chassis';
import { type Prisma, PrismaClient } from '@troupe/console-database';
import { serviceNames } from '@troupe/services';
import { readChoreography } from './choreography.ts';
import { page } from './page/page.ts';
import { Changes } from './reading/changes.ts';
import { projecting, projectRows } from './reading/project.ts';
import { reducedRecord } from './reading/record-of.ts';
import { summarize } from './saga/summary/summarize.ts';
import { type ConsoleConfig, consoleSettings } from './settings.ts';
import { Tracing } from './tracing/tracing.ts';

/** The console: hears everything, says nothing, and shows each saga whole. */
export const consoleService: ProjectionDefinition<Prisma.TransactionClient, PrismaClient, typeof consoleSettings> = {
  name: 'console',
  settings: consoleSettings,
  topics: serviceNames.flatMap((service) => [`${service}.events`, `${service}.dlq`]),
  database: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  open: openConsole,
};

function openConsole(context: ProjectionContext<PrismaClient, ConsoleConfig>): Projection {
  const { database, transactions, config, read, log } = context;
  const choreography = readChoreography();
  const changes = new Changes();
  const changed = changes.committed.bind(changes);
  const parts = { transactions, choreography, summarize, read, changed, log };
  const tracing = new Tracing({ database, retentionMs: config.spanRetentionMs, kept: config.spansKept, log });
  return {
    project: projecting(parts),
    projectReduced: (record, failure) => projectRows(parts, [reducedRecord(record, failure)]),
    routes: [],
    mounted: [tracing.receiver, { path: '/', handler: page() }],
    background: [{ start: () => undefined, stop: () => tracing.stop() }],
  };
}
