import type { Protocol } from '../protocol/protocol.ts';
import type { Said, Told } from './said.ts';

/** Whether a table declares that this service says this event after its cause. Without the cause, whether it may say it at all. */
export function isDeclared(said: Said, told: Told, protocol: Protocol): boolean {
  const { type, service, causeId } = said;
  const maySay = protocol.sayable.get(service)?.has(type) ?? false;
  if (!maySay) return false;
  const cause = told.byId(causeId);
  if (cause === undefined || protocol.begins.has(type)) return true;
  if (protocol.style === 'orchestrated' && protocol.steps.some(({ orchestrator }) => orchestrator === service))
    return true;
  const isRoot = cause === told.root;
  return (
    (isRoot && (protocol.asked.get(service)?.has(type) ?? false)) ||
    protocol.duties(cause.type).some((duty) => duty.service === service && duty.mayCause.has(type))
  );
}
