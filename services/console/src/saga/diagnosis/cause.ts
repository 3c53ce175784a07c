import type { Diagnosis, DiagnosisCode } from '../../contract/diagnosis.ts';
import type { Case, Found } from './case.ts';
import { PRECEDENCE } from './precedence.ts';

/** The nearest cause of a case, of those codes that are asked for. */
export function causeOf(at: Case, codes?: ReadonlySet<DiagnosisCode>): Diagnosis | null {
  for (const { code, find } of PRECEDENCE) {
    if (codes !== undefined && !codes.has(code)) continue;
    const found = find(at);
    if (found !== null) return told(code, found, at);
  }
  return null;
}

/** The saga stands there since it waits for its step, however long the fault has lasted. */
export function told(code: DiagnosisCode, found: Found, { waits }: Case): Diagnosis {
  const { service, sentence, known, remedy, actions, about, tone } = found;
  return {
    code,
    service,
    since: new Date(waits.since).toISOString(),
    sentence: capitalised(sentence),
    known,
    remedy,
    actions: actions.slice(0, 2),
    causeKey: [code, service, about].filter((part) => part !== null && part !== '').join('/'),
    tone,
  };
}

/** Names of services stay as they are in the code. */
const capitalised = (sentence: string): string =>
  sentence.startsWith('**') ? sentence : sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
