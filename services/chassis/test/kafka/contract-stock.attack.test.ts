import { kafkaContract } from './contract.ts';

kafkaContract('stock');
