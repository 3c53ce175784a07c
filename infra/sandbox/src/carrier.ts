import { Bookings } from './bookings.ts';
import { Carrier } from './parcel-carrier.ts';
import { run } from './server/process.ts';

await run('carrier', 3012, async ({ dataDir, stopping }) => {
  const bookings = await Bookings.open(dataDir);
  return { routes: new Carrier(bookings, stopping).routes, close: () => bookings.close() };
});
