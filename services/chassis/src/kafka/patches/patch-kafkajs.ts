import { readEveryBatch } from './fetch-decoding.ts';
import { speedUpFetchEncoding } from './fetch-encoding.ts';
import { commitOffsetsThatAreThere } from './first-offset.ts';
import { forgetOnReconnect } from './fresh-connections.ts';
import { keepGroupMemberships } from './group-membership.ts';
import { speedUpProduceEncoding } from './produce-encoding.ts';
import { calmRequestTimers } from './request-timers.ts';

/** `fast`: with all patches. `stock`: without those that only save time of the processor. */
export type KafkajsCodec = 'fast' | 'stock';

/** Without them kafkajs 2.2.4 breaks a guarantee: it loses, miscounts or stops. */
const FOR_CORRECTNESS = [forgetOnReconnect, commitOffsetsThatAreThere, keepGroupMemberships, readEveryBatch];

/** With them kafkajs sends the same bytes at the same moments, and takes less time for it. */
const FOR_SPEED = [speedUpProduceEncoding, speedUpFetchEncoding, calmRequestTimers];

/** Patches kafkajs 2.2.4 for the whole process. Safe to call again; what was once patched stays so. */
export function patchKafkajs(codec: KafkajsCodec = 'fast'): void {
  for (const patch of FOR_CORRECTNESS) patch();
  if (codec === 'fast') for (const patch of FOR_SPEED) patch();
}
