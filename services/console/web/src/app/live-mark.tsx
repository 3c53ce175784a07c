import { fullMoment, preciseAge, useLive, useLiveStatus, useNow } from '../parts/index.ts';

/** Above this the console is behind, and says so. */
export const BEHIND_MS = 2_000;
/** An event older than this says that nothing happens, and no longer how fresh the page is. */
const QUIET_MS = 60_000;

/** Whether the page is live, and how old the newest event is that it knows. */
export function LiveMark() {
  const { state } = useLiveStatus();
  const reading = useLive('overview')?.reading;
  const now = useNow();
  if (state === 'lost') return <Said title="The stream from the console's server is gone">No answer</Said>;
  if (state === 'connecting' || reading === undefined)
    return <Said title="The stream is being opened">Connecting</Said>;
  if (reading.rebuilding !== null) return <Said title="The topics are read from their beginning">Rebuilding</Said>;
  const { newestAt } = reading;
  if (reading.behind > 0 && newestAt !== null && now - Date.parse(newestAt) > BEHIND_MS)
    return (
      <Said title={`${reading.behind} events are not read yet`} age={preciseAge(now - Date.parse(newestAt))}>
        Behind
      </Said>
    );
  if (newestAt === null) return <Said title="No event has been read yet">Live</Said>;
  const age = Math.max(0, now - Date.parse(newestAt));
  return (
    <Said
      title={`The newest event is of ${fullMoment(newestAt)}`}
      age={age < QUIET_MS ? preciseAge(age) : 'quiet'}
      live
    >
      Live
    </Said>
  );
}

function Said(props: {
  readonly title: string;
  readonly children: string;
  readonly age?: string;
  readonly live?: boolean;
}) {
  return (
    <span className={`live ${props.live ? '' : 'off'}`} title={props.title}>
      <svg width="10" height="10" viewBox="-5 -5 10 10" aria-hidden="true">
        {props.live && <circle r="4.5" className="live-halo" />}
        <circle r="2.4" className="live-dot" />
      </svg>
      {props.children}
      {props.age && <span className="num">{props.age}</span>}
    </span>
  );
}
