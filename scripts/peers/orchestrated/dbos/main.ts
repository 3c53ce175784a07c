import pg from 'pg';
import { type EndedOrder, listen, type WantedOrder } from '../../business/front.ts';
import { Outside } from '../../business/outside.ts';
import { peerPackage } from '../../packages.ts';
import { settingsFromEnvironment } from '../../settings.ts';
import { fulfil, notify, type Orchestrator } from '../fulfil.ts';

interface Handle<Result> {
  getResult(): Promise<Result>;
}
type Workflow<Arguments extends unknown[], Result> = (...args: Arguments) => Promise<Result>;

interface Dbos {
  setConfig(config: object): void;
  launch(): Promise<void>;
  registerWorkflow<Arguments extends unknown[], Result>(
    workflow: Workflow<Arguments, Result>,
    options: { name: string },
  ): Workflow<Arguments, Result>;
  startWorkflow<Arguments extends unknown[], Result>(
    workflow: Workflow<Arguments, Result>,
    options?: { workflowID: string },
  ): Workflow<Arguments, Handle<Result>>;
  runStep<Outcome>(work: () => Promise<Outcome>, options: { name: string; retriesAllowed: boolean }): Promise<Outcome>;
}

// One process: the front, the workflows and their steps. DBOS keeps its journal in the same database.
const { DBOS } = peerPackage<{ readonly DBOS: Dbos }>('@dbos-inc/dbos-sdk');
const settings = settingsFromEnvironment();
const sql = new pg.Pool({ connectionString: settings.databaseUrl, max: 20 });
const means = { sql, outside: new Outside(settings), calls: settings.calls };

const step: Orchestrator['step'] = (name, work) => DBOS.runStep(work, { name, retriesAllowed: true });

const notification = DBOS.registerWorkflow(
  (orderId: string, subject: string) => step('mail', () => notify(means, orderId, subject)),
  { name: 'notification' },
);
const orchestrator: Orchestrator = {
  step,
  tell: async (orderId, subject) => void (await DBOS.startWorkflow(notification)(orderId, subject)),
};
const fulfilment = DBOS.registerWorkflow(
  (order: WantedOrder): Promise<EndedOrder> => fulfil(orchestrator, means, order),
  {
    name: 'fulfilment',
  },
);

DBOS.setConfig({
  name: 'peer',
  systemDatabaseUrl: settings.databaseUrl,
  // Twice its default: a pool of ten was a bottleneck at 256 in flight.
  systemDatabasePoolSize: 20,
  logLevel: 'warn',
});
await DBOS.launch();
listen(settings.port, async (order) => {
  const handle = await DBOS.startWorkflow(fulfilment, { workflowID: order.orderId })(order);
  return { ended: handle.getResult() };
});
