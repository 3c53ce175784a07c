import { clockOf, durationOf, strong } from '../words.ts';
import type { Case, Found } from './case.ts';
import { GRACE_MS, hasLasted, readerOf } from './case.ts';
import { firstSentence, head, openService, otherwise } from './telling.ts';

/** Kafka does not answer: nobody hears anybody. */
export function brokerAway(at: Case): Found | null {
  const { awaySince, reason } = at.facts.broker;
  const said = readerOf(at)?.reasons.kafka;
  if (awaySince === null) return null;
  const cause = reason ?? (said === undefined ? null : firstSentence(said));
  return {
    service: at.waits.service,
    sentence: `${head(at)}: Kafka does not answer.`,
    known: `Away since ${clockOf(awaySince)}${cause === null ? '' : ` (${cause})`}. What was said waits in the outboxes; nothing is lost.${otherwise(at)}`,
    remedy: 'Start the broker. Every service goes on by itself, and nothing has to be replayed.',
    actions: [{ kind: 'link', label: 'Open services', href: '/services' }],
    about: 'broker',
    tone: 'alarm',
  };
}

/** The database of whoever has to act does not take its transactions. */
export function databaseAway(at: Case): Found | null {
  const { waits, facts, now } = at;
  const acting =
    at.stage === 'outbox' ? [waits.saidBy] : [waits.service, ...(waits.orchestrator ? [waits.orchestrator] : [])];
  for (const service of acting) {
    const known = facts.services[service];
    const reason = known?.reasons.database ?? known?.reasons.tasks;
    if (known === undefined || reason === undefined) continue;
    const since = known.reasonsSince?.database ?? known.reasonsSince?.tasks ?? known.since;
    if (!hasLasted(since, now)) continue;
    return {
      service,
      sentence: `${head(at)}: the database of ${strong(service)} does not take its transactions.`,
      known: `Since ${clockOf(since)}: ${firstSentence(reason)}. It tries again by itself, in order; nothing is lost.${otherwise(at)}`,
      remedy: `Start PostgreSQL, or let ${service} in again. It goes on by itself.`,
      actions: [openService(service)],
      about: 'database',
      tone: 'alarm',
    };
  }
  return null;
}

/** The reader cannot fetch a schema, so it cannot read the record. */
export function registryAway(at: Case): Found | null {
  const { stage, waits, facts, now } = at;
  const known = readerOf(at);
  const reason = known?.reasons.registry;
  if (stage !== 'topic' || known === undefined || reason === undefined) return null;
  const since = facts.registry.awaySince ?? known.reasonsSince?.registry ?? known.since;
  if (now - Date.parse(since) < GRACE_MS) return null;
  return {
    service: waits.service,
    sentence: `${head(at)}: the schema registry does not answer, and ${strong(waits.service)} does not know the schema of the record.`,
    known: `For ${durationOf(now - Date.parse(since))}. Schemas that it knows already are read on.${otherwise(at)}`,
    remedy: `Start the registry. ${waits.service} asks it again by itself.`,
    actions: [openService(waits.service)],
    about: 'registry',
    tone: 'alarm',
  };
}
