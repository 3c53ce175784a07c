import { kafkaPublisher } from '../../src/kafka/producer.ts';
import { clientUnderTest } from '../kafka/real-kafka.ts';
import { type RelayOf, relayContract } from './relay-contract.ts';
import { mortal } from './relay-contract-mortal.ts';
import { refusalContract } from './relay-contract-refusals.ts';

const relayOf: RelayOf = ({ outbox, topicPrefix }) => {
  const client = clientUnderTest();
  return mortal(kafkaPublisher(client.kafka, 'the relay of the contract'), (publisher) =>
    outbox.startRelay({ ...client, publisher, topicPrefix }),
  );
};

relayContract('The relay on the write-ahead log', relayOf);
refusalContract('The relay on the write-ahead log', relayOf);
