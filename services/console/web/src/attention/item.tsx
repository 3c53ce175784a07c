import { Link } from 'wouter';
import type { AttentionItem } from '../../../src/contract/work.ts';
import {
  ActionButton,
  Ago,
  age,
  CopyButton,
  fullMoment,
  money,
  ServiceBadge,
  Strong,
  shortId,
  Trail,
  useNow,
} from '../parts/index.ts';

/** One that waits: which, why, for how long, until when, how much, and what can be done. */
export function Item({ item }: { readonly item: AttentionItem }) {
  const { orderId, service, since, until, text, actions, saga } = item;
  return (
    <li className="at-i">
      <span className="at-o">
        {orderId === null ? (
          <ServiceBadge name={service} />
        ) : (
          <>
            <Link className="mono" href={`/sagas/${encodeURIComponent(orderId)}`}>
              {shortId(orderId)}
            </Link>
            <CopyButton text={orderId} name="the id of the order" />
          </>
        )}
      </span>
      <span className="at-t">{saga ? <Trail there={saga.there} back={saga.back} /> : null}</span>
      <p className="at-w">
        <Strong text={text} />
        {orderId !== null && <span className="tx3">{` at ${service}`}</span>}
      </p>
      <span className="at-m num">{item.money && money(item.money)}</span>
      <span className="at-s">
        <span>
          waits <Ago at={since} />
        </span>
        <Until at={until} />
      </span>
      <span className="at-a">
        {actions.map((action, at) => (
          <ActionButton key={action.label} action={action} look={at === 0 ? 'tall' : 'tall quiet'} />
        ))}
      </span>
    </li>
  );
}

/** When it decides itself, in how long. */
function Until({ at }: { readonly at: string | null }) {
  const now = useNow();
  if (at === null) return <span className="tx3">never ends by itself</span>;
  const left = Date.parse(at) - now;
  return (
    <time className={left < 60_000 ? 'caution-t' : 'tx3'} dateTime={at} title={fullMoment(at)}>
      {left <= 0 ? 'decides itself now' : `decides itself in ${roughly(left)}`}
    </time>
  );
}

/** In minutes while there are many: seconds count at the end. */
const roughly = (ms: number): string => (ms >= 600_000 && ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min` : age(ms));
