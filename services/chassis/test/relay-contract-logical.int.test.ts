import { kafkaPublisher } from '../src/kafka/producer.ts';
import { clientUnderTest } from './real-kafka.ts';
import { relayContract } from './relay-contract.ts';
import { mortal } from './relay-contract-mortal.ts';

relayContract('The relay on the write-ahead log', ({ outbox, topicPrefix }) => {
  const client = clientUnderTest();
  return mortal(kafkaPublisher(client.kafka, 'the relay of the contract'), (publisher) =>
    outbox.startRelay({ ...client, publisher, topicPrefix }),
  );
});
