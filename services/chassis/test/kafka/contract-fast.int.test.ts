import { kafkaContract } from './contract.ts';

kafkaContract('fast');
