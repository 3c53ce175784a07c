import { v5 } from 'uuid';

/** Of the ids that are made of names here; chosen once and at random. */
const NAMESPACE = '6f1f3b5e-52a7-4a0e-9d0c-5f6f4f1f8f0b';

/**
 * The id of a step in the log of a saga: what its events name as their cause. Made of names alone (UUIDv5), so it is the same
 * in every attempt and after every crash, also for a saga that began before steps had ids.
 */
export const stepId = (sagaId: string, step: string): string => v5(`${sagaId}/${step}`, NAMESPACE);

/** The id of what undoes a step: the same in every round. */
export const compensationId = (sagaId: string, step: string): string => v5(`${sagaId}/${step}/compensation`, NAMESPACE);
