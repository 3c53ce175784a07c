/** Kafka works, but topics that were asked for do not exist (yet). */
export class TopicsMissing extends Error {
  readonly topics: readonly string[];

  constructor(topics: readonly string[]) {
    super(`Kafka has no topic ${topics.join(', ')}.`);
    this.topics = topics;
  }
}
