import type { SagaDetail } from '../../src/contract/index.ts';
import type { LayoutOptions, Scene, Text } from '../../web/src/saga/layout/scene/scene.ts';

interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

const boxOf = ({ x, y, anchor, width }: Text): Box => {
  const x1 = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { x1, x2: x1 + width, y1: y - 9, y2: y + 2 };
};
const meets = (a: Box, b: Box): boolean => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
const said = (text: Text): string => `${text.id} “${text.spans.map((span) => span.text).join('')}”`;

/** What is wrong with a scene, by the rules of the drawing; empty when nothing is. */
export function faultsOf(detail: SagaDetail, scene: Scene, options: LayoutOptions): readonly string[] {
  return [
    ...marksOnce(detail, scene, options),
    ...byTime(scene),
    ...inLanes(scene),
    ...(options.scale === 'squeezed' ? [...textsApart(scene), ...namesThere(scene)] : []),
  ];
}

/** Each event, each owed step, and what each reader made of an event: one mark. */
function marksOnce(detail: SagaDetail, scene: Scene, options: LayoutOptions): readonly string[] {
  const stepOf = new Map(detail.steps.map((step) => [step.eventId, step.id]));
  const events = new Set(detail.events.map((event) => event.id));
  const isComb = detail.style === 'orchestrated' && detail.log !== null;
  const asked = new Set([detail.events[0]?.service, ...(detail.log?.steps ?? []).map((step) => step.service)]);
  const readings = detail.readings.filter(
    (reading) => events.has(reading.eventId) && !(isComb && asked.has(reading.service)),
  );
  const wanted = [
    ...detail.events.map((event) => stepOf.get(event.id) ?? event.id),
    ...detail.steps.filter((step) => step.eventId === null && step.state !== 'skipped').map((step) => step.id),
    ...readings
      .filter(
        (reading) =>
          reading.state === 'dead' ||
          reading.state === 'parked' ||
          (options.readers &&
            (reading.state === 'noted' ||
              reading.state === 'ignored' ||
              (reading.state === 'answered' && !reading.caused.some((id) => events.has(id))))),
      )
      .map((reading) => `${reading.eventId}/${reading.service}`),
    ...(options.readers
      ? readings.flatMap((reading) =>
          reading.duplicates.map((_, index) => `${reading.eventId}/${reading.service}/${index + 2}`),
        )
      : []),
  ].sort();
  const drawn = scene.marks.map((mark) => mark.id).sort();
  return JSON.stringify(drawn) === JSON.stringify(wanted)
    ? []
    : [`marks are ${drawn.join(', ')} instead of ${wanted.join(', ')}`];
}

function byTime(scene: Scene): readonly string[] {
  const past = scene.marks.filter((mark) => mark.at !== null);
  const wrong = past.flatMap((one) =>
    past
      .filter((other) => (one.at ?? 0) < (other.at ?? 0) && one.x > other.x + 1e-6)
      .map((other) => `${one.id} stands right of ${other.id}, which came later`),
  );
  const nowX = scene.nowX;
  const early =
    nowX === null
      ? []
      : scene.marks
          .filter((mark) => (mark.at === null ? mark.x <= nowX : mark.x > nowX))
          .map((mark) => `${mark.id} stands on the wrong side of now`);
  return [...wrong, ...early];
}

function inLanes(scene: Scene): readonly string[] {
  const lane = (service: string) => scene.lanes.find((one) => one.service === service);
  return [
    ...scene.marks
      .filter((mark) => mark.y !== lane(mark.service)?.y || mark.x < 0 || mark.x > scene.width)
      .map((mark) => `${mark.id} is outside its lane`),
    ...scene.texts
      .filter((text) => boxOf(text).x1 < -1 || boxOf(text).x2 > scene.width + 1 || text.y > scene.height)
      .map((text) => `${said(text)} leaves the drawing`),
  ];
}

/** No text on a text, under an upright wire or line, or under a mark. */
function textsApart(scene: Scene): readonly string[] {
  const faults: string[] = [];
  scene.texts.forEach((text, index) => {
    const box = boxOf(text);
    for (const other of scene.texts.slice(index + 1)) {
      if (meets(box, boxOf(other))) {
        faults.push(`${said(text)} meets ${said(other)}`);
      }
    }
    for (const wire of scene.wires) {
      for (const { x1, y1, x2, y2 } of wire.segments) {
        if (x1 === x2 && meets(box, { x1: x1 - 0.5, x2: x2 + 0.5, y1: Math.min(y1, y2), y2: Math.max(y1, y2) })) {
          faults.push(`${said(text)} lies under ${wire.id}`);
        }
      }
    }
    for (const line of scene.lines) {
      if (text.kind !== 'flag' && meets(box, { x1: line.x - 0.5, x2: line.x + 0.5, y1: line.y1, y2: line.y2 })) {
        faults.push(`${said(text)} lies under the line of ${line.kind}`);
      }
    }
    for (const mark of scene.marks) {
      const half = mark.kind === 'noted' ? 3.4 : mark.kind === 'ignored' ? 5.4 : 9;
      if (meets(box, { x1: mark.x - half, x2: mark.x + half, y1: mark.y - half, y2: mark.y + half })) {
        faults.push(`${said(text)} lies under the mark ${mark.id}`);
      }
    }
  });
  return faults;
}

/** The name of what happened or is owed is never left out. */
function namesThere(scene: Scene): readonly string[] {
  const named = new Set(scene.texts.filter((text) => text.kind === 'name').map((text) => text.of));
  return scene.marks
    .filter((mark) => mark.kind !== 'noted' && mark.kind !== 'duplicate' && !named.has(mark.id))
    .map((mark) => `${mark.id} has no name`);
}
