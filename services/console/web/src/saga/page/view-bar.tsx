import type { SagaDetail } from '../../../../src/contract/index.ts';
import { Segmented } from '../../parts/index.ts';
import { VIEWS, type View, type ViewActions, type ViewState } from '../moment/use-view.ts';
import { ExportMenu } from './export-menu.tsx';

const NAMES: Readonly<Record<View, string>> = {
  lanes: 'Lanes',
  list: 'List',
  trace: 'Trace',
  state: 'State',
  raw: 'Raw',
};

/** The views of one saga, and how its lanes are drawn. */
export function ViewBar({
  detail,
  state,
  actions,
  isNarrow,
}: {
  readonly detail: SagaDetail;
  readonly state: ViewState;
  readonly actions: ViewActions;
  /** Rows have neither seams nor a scale. */
  readonly isNarrow: boolean;
}) {
  const { settings, view } = state;
  return (
    <div className="viewbar">
      <div className="tabs" role="tablist" aria-label="Views">
        {VIEWS.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`tab-${one}`}
            aria-selected={one === view}
            aria-controls="saga-view"
            onClick={() => actions.show(one)}
          >
            {NAMES[one]}
          </button>
        ))}
      </div>
      <div className="spacer" />
      {view === 'lanes' && !isNarrow && (
        <div className="viewbar-lanes">
          <Segmented
            name="Time scale"
            value={settings.scale}
            options={[
              { value: 'squeezed', label: 'Squeezed' },
              { value: 'true', label: 'True time' },
            ]}
            onChange={(scale) => actions.set({ scale })}
          />
          <Toggle
            name="Seams"
            on={settings.seams}
            title="Where the time of each delivery went"
            onChange={(seams) => actions.set({ seams })}
          />
          <Toggle
            name="Readers"
            on={settings.readers}
            title="Who only noted or ignored an event"
            onChange={(readers) => actions.set({ readers })}
          />
          {nobodyWaitsFor(detail).map((service) => (
            <Toggle
              key={service}
              name={`Fold ${service}`}
              on={settings.folded.includes(service)}
              title={`No order waits for ${service}`}
              onChange={(fold) =>
                actions.set({
                  folded: fold ? [...settings.folded, service] : settings.folded.filter((one) => one !== service),
                })
              }
            />
          ))}
        </div>
      )}
      <ExportMenu detail={detail} />
    </div>
  );
}

/** Services of whose steps no order waits for one. */
function nobodyWaitsFor(detail: SagaDetail): readonly string[] {
  return detail.lanes
    .map((lane) => lane.service)
    .filter((service) => {
      const steps = detail.steps.filter((step) => step.service === service);
      return steps.length > 0 && steps.every((step) => step.nobodyWaits);
    });
}

function Toggle(props: {
  readonly name: string;
  readonly on: boolean;
  readonly title: string;
  readonly onChange: (on: boolean) => void;
}) {
  return (
    <button
      type="button"
      className="btn toggle"
      aria-pressed={props.on}
      title={props.title}
      onClick={() => props.onChange(!props.on)}
    >
      {props.name}
    </button>
  );
}
