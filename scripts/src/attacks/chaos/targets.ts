import { type DatabaseProxy, databaseProxy, type TcpProxy, tcpProxy } from '@troupe/chassis/testing';
import { type Child, type ServiceName, type Stack, serviceNames } from '@troupe/embedded';

/** Two processes of each service. The second reaches its database and the outside through proxies that can cut connections. */
export interface Targets {
  readonly children: readonly Child[];
  readonly databases: Readonly<Record<ServiceName, DatabaseProxy>>;
  readonly provider: TcpProxy;
  readonly carrier: TcpProxy;
  /** Where orders can be placed: at both processes, and through a proxy. */
  readonly shops: readonly string[];
  readonly door: TcpProxy;
  close(): Promise<void>;
}

export async function startTargets(stack: Stack): Promise<Targets> {
  const { addresses } = stack;
  const proxies = serviceNames.map(async (name) => [name, await databaseProxy(addresses.databaseUrl(name))] as const);
  const databases = Object.fromEntries(await Promise.all(proxies)) as Record<ServiceName, DatabaseProxy>;
  const [provider, carrier, door] = await Promise.all([
    tcpProxy(addresses.sandboxUrl('provider')),
    tcpProxy(addresses.sandboxUrl('carrier')),
    tcpProxy(addresses.serviceUrl('order')),
  ]);
  const outside = { PAYMENT_PROVIDER_URL: provider.url, CARRIER_URL: carrier.url };
  const joined = await Promise.all(
    serviceNames.map((name) => stack.join(name, { ...outside, DATABASE_URL: databases[name].url })),
  );
  const [second] = joined;
  return {
    children: [...serviceNames.map((name) => stack.child(name)), ...joined.map(({ child }) => child)],
    databases,
    provider,
    carrier,
    door,
    shops: [addresses.serviceUrl('order'), second?.url ?? '', door.url],
    async close() {
      await Promise.all([...Object.values(databases), provider, carrier, door].map((proxy) => proxy.close()));
    },
  };
}
