import type { StepState } from '../../../../../src/contract/index.ts';

/** What a mark means. Each has one shape. */
export type MarkKind = StepState | 'noted' | 'ignored' | 'duplicate' | 'timer';

/** A thing of the saga that has a place in the drawing. It is drawn once. */
export interface Mark {
  /** The id of its step, or `<event id>/<reader>` of a reading. Stable, so that what changes moves. */
  readonly id: string;
  readonly kind: MarkKind;
  readonly service: string;
  readonly x: number;
  readonly y: number;
  /** Milliseconds since 1970; null of what has not happened. */
  readonly at: number | null;
  /** The event that is shown when the mark is chosen: its own, or the one that it made something of. */
  readonly eventId: string | null;
  readonly stepId: string | null;
  /** A sentence: the accessible name. */
  readonly sentence: string;
}

export type WireKind =
  | 'there'
  | 'back'
  | 'back-thin'
  | 'expected'
  | 'late'
  | 'person'
  | 'ask'
  | 'ask-back'
  | 'answer'
  | 'answer-back'
  | 'plain';

export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface Wire {
  readonly id: string;
  readonly kind: WireKind;
  readonly d: string;
  readonly segments: readonly Segment[];
  /** The marks at its ends: hovering one keeps the ink of its chain. */
  readonly from: string | null;
  readonly to: string | null;
}

export type BarKind = 'outbox' | 'broker' | 'wait' | 'handler' | 'waiting' | 'held' | 'over' | 'try' | 'orchestrator';

export interface Bar {
  readonly id: string;
  readonly kind: BarKind;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface ArrowHead {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly back: boolean;
  readonly from: string;
  readonly to: string;
}

export type TextKind = 'name' | 'fact' | 'seams' | 'over' | 'tie' | 'axis' | 'band' | 'flag';
export type Tone = 'plain' | 'ghost' | 'alarm' | 'caution' | 'back' | 'accent';

export interface Span {
  readonly text: string;
  readonly strong: boolean;
}

export interface Text {
  readonly id: string;
  readonly kind: TextKind;
  readonly tone: Tone;
  /** Of its start, middle or end, by `anchor`; y is the baseline. */
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly width: number;
  readonly spans: readonly Span[];
  /** The mark that it belongs to. */
  readonly of: string | null;
}

export interface Pip {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly handled: boolean;
  readonly late: boolean;
  readonly of: string;
}

export interface Tie {
  readonly id: string;
  readonly d: string;
  readonly head: string;
  readonly segments: readonly Segment[];
  readonly from: string;
  readonly to: string;
}

export interface Cross {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface LaneBox {
  readonly service: string;
  readonly top: number;
  readonly height: number;
  /** Of the staff line. */
  readonly y: number;
  readonly folded: boolean;
}

export interface Band {
  readonly x: number;
  readonly width: number;
  /** The staffs on which nothing is drawn through: there the two slashes stand. */
  readonly slashes: readonly number[];
  /** Whether the axis above it is free for two more. */
  readonly onAxis: boolean;
}

export interface Tick {
  readonly id: string;
  readonly x: number;
  readonly kind: 'ok' | 'back' | 'late' | 'note' | 'gap';
}

export interface VerticalLine {
  readonly x: number;
  readonly kind: 'now' | 'due' | 'deadline' | 'turn';
  readonly y1: number;
  readonly y2: number;
}

/** A saga, drawn: everything with its place, in the order of drawing. Pure data. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Of the axis above the lanes. */
  readonly axisHeight: number;
  readonly lanes: readonly LaneBox[];
  /** Where the way back begins; null: it does not turn. */
  readonly turnX: number | null;
  /** Null of a saga that has ended. */
  readonly nowX: number | null;
  readonly endX: number;
  readonly bands: readonly Band[];
  readonly lines: readonly VerticalLine[];
  readonly ticks: readonly Tick[];
  readonly ties: readonly Tie[];
  readonly wires: readonly Wire[];
  readonly bars: readonly Bar[];
  readonly crosses: readonly Cross[];
  readonly heads: readonly ArrowHead[];
  readonly pips: readonly Pip[];
  readonly texts: readonly Text[];
  readonly marks: readonly Mark[];
  /** Moments and their x, both ascending: the axis and the slider share it. */
  readonly scale: readonly ScalePoint[];
}

export interface ScalePoint {
  readonly at: number;
  readonly x: number;
}

/** How wide a text is drawn, in px. The page asks the browser; tests use a table. */
export type Measure = (text: string, kind: TextKind) => number;

export interface LayoutOptions {
  /** Of the drawing, without the heads of the lanes. */
  readonly width: number;
  readonly scale: 'squeezed' | 'true';
  readonly seams: boolean;
  readonly readers: boolean;
  /** Services whose lane is folded to a thin one. */
  readonly folded: readonly string[];
  readonly measure: Measure;
}
