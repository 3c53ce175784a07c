import type { PublishedPosition } from '../../outbox/published-position.ts';
import type { RelayStanding } from '../../outbox/relay/status.ts';

/** Whether a service reads its topics, and if not, why. */
export interface ConsumerStatus {
  readonly state: 'member' | 'joining' | 'held back' | 'none';
  readonly since: Date;
  /** Why nothing is read; null while it reads, or tries to. */
  readonly reason: string | null;
}

/** How a service stands with Kafka. Each part is known in this process: nobody is asked. */
export interface MessagingStatus {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly topicPrefix: string;
  readonly slot: string;
  readonly published: PublishedPosition;
  /** Without a standing: it has not begun yet, or somebody else publishes. */
  relay(): { readonly kind: 'logical' | 'polling' | 'none'; readonly standing: RelayStanding | undefined };
  consumer(): ConsumerStatus;
}
