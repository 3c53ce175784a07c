import { otherPorts, serviceDocs, serviceNames, servicePorts } from './generated/services.ts';

export { otherPorts, serviceDocs, serviceNames, servicePorts };
export type ServiceName = (typeof serviceNames)[number];

/** Whether there is a service of this name. */
export function isServiceName(name: string): name is ServiceName {
  return (serviceNames as readonly string[]).includes(name);
}

/**
 * The definition that the package of a service exports: `orderService` of `@troupe/order`. It is found by its name, so
 * that tools which treat all services alike need not be told of a new one.
 */
export async function definitionOf(service: ServiceName): Promise<unknown> {
  const name = `${service}Service`;
  const exported = (await import(`@troupe/${service}`)) as Readonly<Record<string, unknown>>;
  if (exported[name] !== undefined) return exported[name];
  throw new Error(`@troupe/${service} exports no ${name}: export the service's definition from its index.ts.`);
}
