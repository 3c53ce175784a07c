import type { Asking } from '../../asking/asking.ts';
import type { ServiceSeen } from '../../asking/service-watch.ts';
import type { StatusPage } from '../../asking/status-page.ts';

type Known = Pick<Asking, 'broker' | 'registry' | 'services' | 'partners'>;

/**
 * What a service waits for that is itself broken: then its own trouble is a symptom. Null when one of its reasons is its own.
 * A circuit has the name of whom it leads to, or of the call that goes there.
 */
export function causeOf({ standing, page }: Pick<ServiceSeen, 'standing' | 'page'>, known: Known): string | null {
  if (standing !== 'not ready' || page === null) return null;
  const causes = page.reasons.map(({ part }) => brokenBehind(part, page, known));
  const [first] = causes;
  return first !== undefined && causes.every((cause) => cause !== undefined) ? first : null;
}

/** The name of the broken part that a reason is about, as people call it. */
function brokenBehind(
  part: string,
  { service, circuits }: StatusPage,
  { broker, registry, services, partners }: Known,
): string | undefined {
  if (part === 'kafka' || part === 'retention') return broker.reached.awaySince === null ? undefined : 'Kafka';
  if (part === 'registry') return registry.reached.awaySince === null ? undefined : 'the schema registry';
  const other = services.find(({ service }) => service.name === part);
  if (other !== undefined) return other.seen.standing === 'ready' ? undefined : part;
  const leadsOut = circuits.some(({ name }) => name === part);
  return partners.find(({ of, reached }) => leadsOut && of === service && reached.awaySince !== null)?.name;
}
