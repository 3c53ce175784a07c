import type { ConfigResourceTypes, DescribeConfigResponse } from 'kafkajs';
import { protocolType, rootCause } from './broker-health.ts';
import type { KafkaClient } from './client.ts';

/** kafkajs 2.2.4 keeps its enumeration where an ES module cannot import it by name. */
const TOPIC: ConfigResourceTypes.TOPIC = 2;

/** How long the brokers may hold the records of a topic. */
export interface TopicRetention {
  readonly topic: string;
  /** `retention.ms`; Infinity when it is -1, or when the topic is compacted only. A bound in bytes does not lengthen it. */
  readonly retentionMs: number;
  /** `retention.bytes`; Infinity when it is -1. It says nothing of how long a record stays. */
  readonly retentionBytes: number;
  /** `cleanup.policy`: `delete`, `compact`, or both with a comma. */
  readonly cleanupPolicy: string;
  /** `segment.ms`: records go by whole segments, so that the first of one waits for its last. */
  readonly segmentMs: number;
}

/** Undefined when this client may not know it. @throws when the brokers do not answer or lack a topic. */
export async function topicRetention(
  kafka: KafkaClient,
  topics: readonly string[],
): Promise<readonly TopicRetention[] | undefined> {
  const configNames = ['retention.ms', 'retention.bytes', 'segment.ms', 'cleanup.policy'];
  const resources = topics.map((name) => ({ type: TOPIC, name, configNames }));
  try {
    const answer = await kafka.ask((admin) => admin.describeConfigs({ resources, includeSynonyms: false }));
    return answer.resources.map(understood);
  } catch (error) {
    if (protocolType(rootCause(error))?.endsWith('_AUTHORIZATION_FAILED')) return undefined;
    throw error;
  }
}

function understood(resource: DescribeConfigResponse['resources'][number]): TopicRetention {
  const entries = new Map(resource.configEntries.map(({ configName, configValue }) => [configName, configValue]));
  const cleanupPolicy = entries.get('cleanup.policy') ?? 'delete';
  return {
    topic: resource.resourceName,
    retentionMs: cleanupPolicy.includes('delete') ? bound(entries.get('retention.ms')) : Number.POSITIVE_INFINITY,
    retentionBytes: bound(entries.get('retention.bytes')),
    cleanupPolicy,
    segmentMs: bound(entries.get('segment.ms')),
  };
}

/** What is not said, or is negative, has no end. */
function bound(text: string | undefined): number {
  const value = Number(text ?? -1);
  return value < 0 ? Number.POSITIVE_INFINITY : value;
}
