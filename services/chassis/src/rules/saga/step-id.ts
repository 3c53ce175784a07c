import { v5 } from 'uuid';

/** Of the ids that are made of names here; chosen once and at random. */
const NAMESPACE = '6f1f3b5e-52a7-4a0e-9d0c-5f6f4f1f8f0b';

/** What the events of a step name as their cause: the same in every attempt and after a crash (UUIDv5). */
export const stepId = (sagaId: string, step: string): string => v5(`${sagaId}/${step}`, NAMESPACE);

/** The id of what undoes a step: the same in every round. */
export const compensationId = (sagaId: string, step: string): string => v5(`${sagaId}/${step}/compensation`, NAMESPACE);
