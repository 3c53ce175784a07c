import type { LaneNote } from '../../../../src/contract/index.ts';
import { ServiceBadge, serviceHue } from '../../parts/index.ts';
import type { LaneBox } from '../layout/scene/scene.ts';

/** The heads of the lanes: who stands there, and how. */
export function LaneHeads({
  lanes,
  notes,
}: {
  readonly lanes: readonly LaneBox[];
  readonly notes: readonly LaneNote[];
}) {
  return (
    <ul className="heads" aria-label="Lanes">
      {lanes.map((lane) => {
        const note = notes.find((one) => one.service === lane.service);
        return (
          <li key={lane.service} className={`lane-head${lane.folded ? ' folded' : ''}`} {...serviceHue(lane.service)}>
            <ServiceBadge name={lane.service} />
            {note && !lane.folded && (
              <span className={`lane-note ${note.tone === 'ok' ? '' : note.tone}`}>{note.text}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
