import { durationOf } from '../../checks/finding.ts';
import type { Choreography, MapRow } from '../../map/choreography.ts';
import type { Step } from '../../ways/flow.ts';
import type { Way } from '../../ways/way.ts';
import { type Moment, sequenceDiagram } from '../mermaid/sequence.ts';

/** One way to an end as a sequence diagram: time runs down, each service has a lane. */
export function wayDiagram(map: Choreography, way: Way): string {
  const lanes = map.services.map(({ name }) => name);
  return sequenceDiagram(lanes, new Story(map, way).moments());
}

/** A way, moment by moment. */
class Story {
  readonly #map: Choreography;
  readonly #way: Way;

  constructor(map: Choreography, way: Way) {
    this.#map = map;
    this.#way = way;
  }

  moments(): readonly Moment[] {
    const { steps, turn, asks, outcome } = this.#way;
    const before = steps.slice(0, turn ?? steps.length);
    const after = turn === undefined ? [] : steps.slice(turn);
    const asked = asks.flatMap((step) => this.#announced(step, false));
    const goesOn = [...this.#chain(after, outcome === 'failure'), ...this.#undoing()];
    return [
      ...this.#chain(before, false, after[0]),
      ...asked,
      ...(outcome === 'failure' && goesOn.length > 0 ? [{ kind: 'shaded', moments: goesOn } as const] : goesOn),
    ];
  }

  /** Steps that follow each other. `next` is what comes behind them. */
  #chain(steps: readonly Step[], dotted: boolean, next?: Step): readonly Moment[] {
    return steps.flatMap((step, at) => [...this.#cause(step), ...this.#effect(step, steps[at + 1] ?? next, dotted)]);
  }

  /** Who or what sets a step off, where no event does. */
  #cause({ row }: Pick<Step, 'row'>): readonly Moment[] {
    const { kind, name } = row.hears;
    if (kind === 'command') return [{ kind: 'command', to: row.service, text: name }];
    return kind === 'timer' ? [{ kind: 'note', over: [row.service], text: `timer ${name} fires` }] : [];
  }

  #effect(step: Step, next: Step | undefined, dotted: boolean): readonly Moment[] {
    const { row, says } = step;
    if (says.kind !== 'event') return [{ kind: 'note', over: [row.service], text: `call ${says.name}` }];
    if (this.#ends(says.name)) return [this.#broadcast(step)];
    const refused = this.#refused(step, dotted);
    if (refused.length > 0) return [...refused, ...this.#announced(step, dotted)];
    const receiver = next !== undefined && hearsIt(next.row, says.name) ? next.row : this.#way.stands;
    if (receiver === undefined || !hearsIt(receiver, says.name)) return this.#announced(step, dotted);
    return [this.#arrow(step, receiver, dotted)];
  }

  /** An event that no step of the way hears: to all that hear it. */
  #announced(step: Step, dotted: boolean): readonly Moment[] {
    const hearing = this.#hearing(step.says.name);
    if (hearing.length === 0) return [{ kind: 'note', over: [step.row.service], text: step.says.name }];
    return hearing.map((row) => this.#arrow(step, row, dotted));
  }

  #arrow({ row, says }: Step, to: MapRow, dotted: boolean): Moment {
    const within = to.withinMs === undefined ? '' : ` (${durationOf(to.withinMs)})`;
    return { kind: 'event', from: row.service, to: to.service, text: `${says.name}${within}`, dotted };
  }

  #broadcast({ row, says }: Step): Moment {
    const over = [row.service, ...this.#hearing(says.name).map(({ service }) => service)];
    return { kind: 'note', over, text: `${says.name}: the order has ended` };
  }

  #undoing(): readonly Moment[] {
    const parts = this.#way.undoing.map((steps) => ({
      title: steps[0]?.row.service ?? '',
      moments: this.#chain(steps, true),
    }));
    if (parts.length < 2) return parts.flatMap(({ moments }) => moments);
    return [{ kind: 'together', parts }];
  }

  /** What happens before a refused call has undone its effect after all. */
  #refused({ row, says }: Step, dotted: boolean): readonly Moment[] {
    const { refusal } = this.#way;
    if (refusal === undefined || refusal.step.row !== row || refusal.undone !== says.name) return [];
    const call: Moment = { kind: 'note', over: [row.service], text: `call ${row.hears.name}` };
    const again = refusal.again.map((other) => ({
      title: titleOf(other),
      moments: [...this.#cause({ row: other }), call],
    }));
    const byHand = refusal.byHand.map((other) => ({
      title: 'or a person settles it by hand',
      moments: this.#cause({ row: other }),
    }));
    return [...this.#announced(refusal.step, dotted), { kind: 'either', parts: [...again, ...byHand] }];
  }

  #ends = (event: string): boolean => this.#map.events.some(({ name, ends }) => name === event && ends !== undefined);

  #hearing(event: string): readonly MapRow[] {
    const rows = this.#map.services.flatMap((service) => service.rows);
    return rows.filter((row) => hearsIt(row, event) && row.style !== 'orchestrated');
  }
}

const hearsIt = ({ hears }: MapRow, event: string): boolean => hears.kind === 'event' && hears.name === event;

const titleOf = ({ hears }: MapRow): string =>
  hears.kind === 'timer' ? 'it is asked again by itself' : 'or a person has it asked again';
