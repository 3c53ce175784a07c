import type { SagaDetail } from '../../../src/contract/index.ts';
import { type LaneSettings, Lanes, PLAIN } from './drawing/lanes.tsx';

/** The lanes of a saga on another page, such as Try: they draw themselves while it moves. `onChoose` gets the id of a mark. */
export function SagaLanes(props: {
  readonly detail: SagaDetail;
  readonly settings?: LaneSettings;
  readonly chosen?: string | null;
  readonly onChoose?: (id: string) => void;
}) {
  const { detail, settings = PLAIN, chosen = null, onChoose } = props;
  return (
    <Lanes
      detail={detail}
      settings={settings}
      chosen={chosen}
      {...(onChoose === undefined ? {} : { onChoose: (mark: { readonly id: string }) => onChoose(mark.id) })}
    />
  );
}
