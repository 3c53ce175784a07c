import { durationOf } from '../../checks/finding.ts';
import type { Choreography, MapMessage, MapRow } from '../../map/choreography.ts';
import { type Chart, type ChartEdge, type ChartNode, flowchart } from '../mermaid/flowchart.ts';
import { classesOf } from './colours.ts';
import { delayLines } from './delay.ts';

interface Link {
  readonly from: ChartNode;
  readonly to: ChartNode;
  readonly lines: readonly string[];
  readonly dotted: boolean;
}

/** A chart of messages that grows link by link. Each node and each link is drawn once, in the order in which it came. */
export class Drawing {
  readonly #map: Choreography;
  readonly #direction: Chart['direction'];
  readonly #links = new Map<string, Link>();

  constructor(map: Choreography, direction: Chart['direction']) {
    this.#map = map;
    this.#direction = direction;
  }

  /** That a row leads from what it hears to one of its effects. A link that goes well somewhere is solid everywhere. */
  add({ service, hears, withinMs }: MapRow, says: MapMessage, { dotted }: { readonly dotted: boolean }): void {
    const lines =
      hears.kind === 'event' && says.kind !== 'timer' && withinMs !== undefined ? [durationOf(withinMs)] : [];
    this.#link(this.#node(hears, service), this.#node(says, service), { lines, dotted });
  }

  /** That a person or a timer answers what an event says. */
  asks(event: MapMessage, { service, hears }: MapRow): void {
    this.#link(this.#node(event, service), this.#node(hears, service), { lines: [], dotted: true });
  }

  #link(from: ChartNode, to: ChartNode, { lines, dotted }: Pick<Link, 'lines' | 'dotted'>): void {
    const id = `${from.id} ${to.id}`;
    const known = this.#links.get(id);
    this.#links.set(id, { from, to, lines, dotted: dotted && (known?.dotted ?? true) });
  }

  /** In Mermaid's language. */
  text(): string {
    const links = [...this.#links.values()];
    const nodes = new Map(links.flatMap(({ from, to }) => [from, to]).map((node) => [node.id, node]));
    const edges = links.map(({ from, to, ...rest }): ChartEdge => ({ from: from.id, to: [to.id], ...rest }));
    return flowchart({
      direction: this.#direction,
      nodes: [...nodes.values()],
      edges,
      classes: classesOf(this.#map),
    });
  }

  #node(message: MapMessage, service: string): ChartNode {
    const { kind, name } = message;
    const event = kind === 'event' ? this.#map.events.find((other) => other.name === name) : undefined;
    return {
      id: kind === 'event' ? name : `${service}_${name}`,
      shape: kind,
      lines: [name, ...delayLines(this.#map, message, service)],
      classes: [event?.owner ?? service],
    };
  }
}
