import type { ServiceView } from '../../../src/contract/services.ts';
import { Ago, count, figureOf, Spark, useNow } from '../parts/index.ts';

/** Above this the relay does not follow. */
const LATE_MS = 2_000;

export function Outbox({ outbox }: { readonly outbox: ServiceView['outbox'] }) {
  const { unpublished, oldestAt, refused, history } = outbox;
  const now = useNow();
  return (
    <>
      <b className="num">{count(unpublished)}</b>
      <Spark values={history} width={72} height={14} />
      {unpublished > 0 && oldestAt !== null && now - Date.parse(oldestAt) > LATE_MS && (
        <span className="tx3 sv-s">
          oldest <Ago at={oldestAt} />
        </span>
      )}
      {refused > 0 && <span className="alarm-t sv-s">{`${count(refused)} refused`}</span>}
    </>
  );
}

export function Relay({ relay }: { readonly relay: ServiceView['relay'] }) {
  const { kind, state, position, behindMs } = relay;
  return (
    <>
      <span className="mono" title={`${kind} relay`}>
        {position ?? kind}
      </span>
      <span className={behindMs !== null && behindMs > LATE_MS ? 'alarm-t sv-s' : 'tx3 sv-s'}>
        {behindMs === null ? state : behindMs === 0 ? 'at the end' : `${figureOf(behindMs)} behind`}
      </span>
    </>
  );
}
