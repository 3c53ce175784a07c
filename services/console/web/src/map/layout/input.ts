import type { MapView } from '../../../../src/contract/services.ts';

/** Of an edge, what its place depends on. Rates, lag and failures move nothing. */
export interface PlacedEdge {
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'there' | 'back' | 'person' | 'informs';
}

export interface LayoutInput {
  readonly choreography: Pick<MapView['choreography'], 'services' | 'events'>;
  readonly edges: readonly PlacedEdge[];
  /** Whether edges that only inform take part. Places along the line are the same either way. */
  readonly withInforming: boolean;
}

export const edgeKey = ({ event, to }: Pick<PlacedEdge, 'event' | 'to'>): string => `${event}/${to}`;
