import { kafkaPublisher } from '../../src/kafka/producer.ts';
import { unobserved } from '../../src/outbox/relay/observer.ts';
import { startPollingRelay } from '../../src/outbox/relay/polling-relay.ts';
import { clientUnderTest } from '../kafka/real-kafka.ts';
import { type RelayOf, relayContract } from './relay-contract.ts';
import { mortal } from './relay-contract-mortal.ts';
import { refusalContract } from './relay-contract-refusals.ts';

const relayOf: RelayOf = ({ outbox, topicPrefix }) => {
  const client = clientUnderTest();
  return mortal(kafkaPublisher(client.kafka, 'the relay of the contract'), (publisher) =>
    startPollingRelay({
      ...client,
      publisher,
      topicPrefix,
      connectionString: outbox.url,
      slot: outbox.slot,
      observer: unobserved,
    }),
  );
};

relayContract('The relay that polls', relayOf);
refusalContract('The relay that polls', relayOf);
