import type { Log } from '../../telemetry/log.ts';
import type { KafkaClient } from '../client.ts';
import type { RecordSink } from '../record.ts';

/** What a member of a consumer group reads, and where it puts it. */
export interface ConsumerOptions {
  readonly kafka: KafkaClient;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sink: RecordSink;
  readonly log: Log;
}
