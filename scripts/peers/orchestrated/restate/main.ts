import pg from 'pg';
import { orderFrom, type WantedBody } from '../../business/front.ts';
import { Outside } from '../../business/outside.ts';
import { peerPackage } from '../../packages.ts';
import { settingsFromEnvironment } from '../../settings.ts';
import { fulfil, notify, type Orchestrator } from '../fulfil.ts';
import { withResolversForOldNode } from './promises.ts';

interface Context {
  run<Outcome>(name: string, work: () => Promise<Outcome>): Promise<Outcome>;
  readonly rand: { uuidv4(): string };
  serviceSendClient<Service>(service: { readonly name: string }): Service;
}

interface Restate {
  service(definition: { name: string; handlers: object }): unknown;
  serve(options: { services: readonly unknown[]; port: number }): Promise<number>;
}

interface Told {
  readonly orderId: string;
  readonly subject: string;
}

interface Notifications {
  tell(told: Told): void;
}

// The services that Restate calls, in one process: `fulfilment/place` is what clients ask its ingress for.
withResolversForOldNode();
const restate = peerPackage<Restate>('@restatedev/restate-sdk');
const settings = settingsFromEnvironment();
const sql = new pg.Pool({ connectionString: settings.databaseUrl, max: 20 });
const means = { sql, outside: new Outside(settings), calls: settings.calls };

function orchestratorOf(context: Context): Orchestrator {
  return {
    step: (name, work) => context.run(name, work),
    tell: async (orderId, subject) =>
      context.serviceSendClient<Notifications>({ name: 'notifications' }).tell({ orderId, subject }),
  };
}

const fulfilment = restate.service({
  name: 'fulfilment',
  handlers: {
    place: (context: Context, body: WantedBody) =>
      fulfil(orchestratorOf(context), means, orderFrom(body, context.rand.uuidv4())),
  },
});
const notifications = restate.service({
  name: 'notifications',
  handlers: {
    tell: (context: Context, { orderId, subject }: Told) => context.run('mail', () => notify(means, orderId, subject)),
  },
});
await restate.serve({ services: [fulfilment, notifications], port: settings.port });
