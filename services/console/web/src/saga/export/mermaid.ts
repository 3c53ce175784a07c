import type { SagaDetail, Step } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';

/** A Mermaid sequence diagram: each event an arrow to whoever answered it, what is owed as a note. */
export function mermaidOf(detail: SagaDetail): string {
  const lines = ['sequenceDiagram', '  autonumber'];
  for (const { service } of detail.lanes) {
    lines.push(`  participant ${nameOf(service)}`);
  }
  const start = Date.parse(detail.placedAt);
  for (const step of detail.steps.filter((one) => one.eventId !== null)) {
    const readers = detail.readings.filter((reading) => reading.eventId === step.eventId);
    const after = `+${figureOf(Date.parse(step.at ?? detail.placedAt) - start)}`;
    const arrow = isBack(step) ? '-->>' : '->>';
    const to = readers.length === 0 ? [step.service] : readers.map((reading) => reading.service);
    for (const reader of to) {
      lines.push(`  ${nameOf(step.service)}${arrow}${nameOf(reader)}: ${textOf(`${step.event} ${after}`)}`);
    }
    if (step.fact !== '') {
      lines.push(`  Note over ${nameOf(step.service)}: ${textOf(step.fact)}`);
    }
  }
  for (const step of detail.steps.filter((one) => one.eventId === null && one.state !== 'skipped')) {
    lines.push(
      `  Note over ${nameOf(step.service)}: ${textOf(`owes ${step.oneOf.join(' or ') || step.event} (${step.state})`)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const isBack = (step: Step): boolean => step.state === 'refused' || step.state.startsWith('undo-');
/** Mermaid ends a line at ; and reads # as an entity. */
const textOf = (text: string): string => text.replace(/[;#\r\n]/g, ' ').trim();
const nameOf = (service: string): string => service.replace(/[^\w]/g, '_');
