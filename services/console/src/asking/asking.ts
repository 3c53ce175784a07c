import type { Background } from '@troupe/chassis';
import type { Choreography } from '@troupe/choreography';
import type { Facts, ServiceAnswer } from '../saga/input.ts';
import { BrokerWatch, type Cluster } from './broker-watch.ts';
import { factsOf } from './facts.ts';
import { PartnerWatch } from './partner-watch.ts';
import { type Answers, answersOf } from './progress.ts';
import { RegistryWatch } from './registry-watch.ts';
import { rounds } from './rounds.ts';
import { ServiceWatch } from './service-watch.ts';
import type { AskedPartner, AskedService } from './services.ts';

const SERVICE_MS = 1_000;
const BROKER_MS = 1_000;
const REGISTRY_MS = 2_000;
const PARTNER_MS = 2_000;

export interface AskingParts {
  readonly services: readonly AskedService[];
  readonly partners: readonly AskedPartner[];
  readonly choreography: Choreography;
  readonly cluster: Cluster;
  readonly registryUrl: string;
  readonly topicPrefix: string;
  /** The console's own group, which is shown beside the others. */
  readonly ownGroup: string;
}

/**
 * What topics cannot tell: asked of the services, the brokers and the registry, each at its own pace. One that is away, or slow,
 * delays no other. Everything here is in memory, and gone with the process.
 */
export class Asking implements Background {
  readonly services: readonly ServiceWatch[];
  readonly partners: readonly PartnerWatch[];
  readonly broker: BrokerWatch;
  readonly registry: RegistryWatch;
  readonly topicPrefix: string;
  readonly ownGroup: string;
  readonly #rounds: readonly Background[];

  constructor(parts: AskingParts) {
    const { topicPrefix, choreography } = parts;
    this.topicPrefix = topicPrefix;
    this.ownGroup = parts.ownGroup;
    this.services = parts.services.map((service) => new ServiceWatch(service));
    this.partners = parts.partners.map((partner) => new PartnerWatch(partner));
    this.registry = new RegistryWatch(parts.registryUrl);
    const topics = choreography.services.map(({ topic }) => `${topicPrefix}${topic}`);
    const quiet = choreography.services.map(({ name }) => `${topicPrefix}${name}.dlq`);
    const groups = [...parts.services.map(({ name }) => `${topicPrefix}${name}`), parts.ownGroup];
    this.broker = new BrokerWatch(parts.cluster, { topics, quiet, groups });
    this.#rounds = [
      ...this.services.map((watch) => rounds(SERVICE_MS, () => watch.look())),
      ...this.partners.map((watch) => rounds(PARTNER_MS, () => watch.look())),
      rounds(BROKER_MS, () => this.broker.look()),
      rounds(REGISTRY_MS, () => this.registry.look()),
    ];
  }

  start(): void {
    for (const round of this.#rounds) round.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#rounds.map((round) => round.stop()));
    await this.broker.stop();
  }

  facts(): Facts {
    return factsOf(this);
  }

  /**
   * What the services themselves say of one saga, all asked at once, each with a bound.
   * @param eventIds of its events that are known: a service says which of them it has taken in
   */
  progress(sagaId: string, eventIds: readonly string[]): Promise<Answers> {
    return answersOf(this.services, sagaId, eventIds);
  }
}

export type { Answers, ServiceAnswer };
