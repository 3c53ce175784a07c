import { Ledger } from './ledger.ts';
import { PaymentProvider } from './payment-provider.ts';
import { run } from './server/process.ts';

await run('provider', 3011, async ({ dataDir, stopping }) => {
  const ledger = await Ledger.open(dataDir);
  return { routes: new PaymentProvider(ledger, stopping).routes, close: () => ledger.close() };
});
