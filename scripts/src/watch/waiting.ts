import { RegistryUnavailable } from '@troupe/schemas';
import { TopicsMissing } from '../feed/topics-missing.ts';

/** Says why nothing comes, once for each part that is away, and when it goes on. */
export function waitingNotes(brokers: string, say: (line: string) => void): (reason: unknown) => void {
  let said: unknown;
  return (reason) => {
    const about = reason === undefined ? undefined : partOf(reason);
    if (about === said) return;
    said = about;
    say(about === undefined ? 'It works again; going on where it stopped.' : whyWaiting(reason, brokers));
  };
}

function partOf(reason: unknown): 'registry' | 'topics' | 'Kafka' {
  if (reason instanceof RegistryUnavailable) return 'registry';
  return reason instanceof TopicsMissing ? 'topics' : 'Kafka';
}

/** One sentence on what is away, and what to do. */
function whyWaiting(reason: unknown, brokers: string): string {
  const remedy = 'Waiting for it; npm start starts everything.';
  if (reason instanceof RegistryUnavailable) return `${reason.message} ${remedy}`;
  if (reason instanceof TopicsMissing) return `${reason.message} Waiting for the topics; npm start makes them.`;
  return `Kafka at ${brokers} does not work (${rootOf(reason)}). ${remedy}`;
}

/** kafkajs wraps what happened into what it gave up on. */
function rootOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? rootOf(error.cause) : error.message || error.name;
}
