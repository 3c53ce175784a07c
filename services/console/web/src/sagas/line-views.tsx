import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Cause, SagaRow } from '../../../src/contract/saga.ts';
import {
  ActionButton,
  Ago,
  Button,
  count,
  counted,
  Icon,
  Mark,
  type MarkKind,
  Moment,
  money,
  roundMoney,
  Strong,
  shortId,
  Tag,
  Took,
  Trail,
} from '../parts/index.ts';

const sagas = (many: number) => (
  <>
    <b className="num">{count(many)}</b> {many === 1 ? 'saga' : 'sagas'}
  </>
);

/** One fact of the night: the sentence, how many, how much money, and the remedy. */
export function CauseLine({ cause, gone }: { readonly cause: Cause; readonly gone: boolean }) {
  const { diagnosis, money: sum } = cause;
  return (
    <div role="cell" className={`grp ${gone ? 'gone' : diagnosis.tone}`}>
      <Mark kind={markOf(diagnosis.code, diagnosis.tone)} size={18} />
      <p>
        <Strong text={diagnosis.sentence} />
      </p>
      <span className="grp-f">
        {gone ? 'over' : sagas(cause.count)}
        {sum && !gone && ` · ${roundMoney(sum)} at stake`}
      </span>
      <span className="grp-b">
        {diagnosis.actions.map((action) => (
          <ActionButton key={action.label} action={action} />
        ))}
      </span>
    </div>
  );
}

/** Sagas of a cause that the overview does not say yet: its code stands for the sentence. */
export function UnknownCauseLine({ code, total }: { readonly code: string; readonly total: number }) {
  return (
    <div role="cell" className="grp alarm">
      <Mark kind="overdue" size={18} />
      <p className="mono">{code}</p>
      <span className="grp-f">{sagas(total)}</span>
    </div>
  );
}

export function HeadLine(props: {
  readonly section: 'moving' | 'ended';
  readonly total: number;
  readonly children: ReactNode;
}) {
  const { section, total, children } = props;
  const moving = section === 'moving';
  return (
    <div role="cell" className="grp flat">
      <Mark kind={moving ? 'running' : 'done'} size={18} />
      <p>
        <b>{moving ? 'Moving' : 'Ended'}</b>
      </p>
      <span className="grp-f">{counted(total, 'saga')}, newest first</span>
      <span className="grp-b">{children}</span>
    </div>
  );
}

export function NewerPill(props: { readonly text: string; readonly tabIndex: number; readonly onShow: () => void }) {
  return (
    <Button icon="up" look="pill" tabIndex={props.tabIndex} onClick={props.onShow}>
      {props.text}
    </Button>
  );
}

export function MoreLine({
  href,
  text,
  tabIndex,
}: {
  readonly href: string;
  readonly text: string;
  readonly tabIndex: number;
}) {
  return (
    <div role="cell" className="more">
      <Link href={href} tabIndex={tabIndex}>
        <Icon name="down" />
        {text}
      </Link>
    </div>
  );
}

/** A saga in a row. Its link is the id; the whole row leads there too. */
export function SagaLine({ row, tabIndex }: { readonly row: SagaRow; readonly tabIndex: number }) {
  const ended = row.endedAt !== null;
  return (
    <>
      <Cell name="c-id">
        <Link
          className="mono"
          href={`/sagas/${encodeURIComponent(row.orderId)}`}
          tabIndex={tabIndex}
          title={row.orderId}
        >
          {shortId(row.orderId)}
        </Link>
        <span className="tx3 c-who">{row.customerId}</span>
      </Cell>
      <Cell name="c-trail">
        <Trail there={row.there} back={row.back} />
      </Cell>
      <Cell name="c-where">
        {row.endedAt !== null && (
          <>
            <Moment at={row.endedAt} />{' '}
          </>
        )}
        <Strong text={row.standsAt} />
      </Cell>
      <Cell name="c-wait">
        {row.endedAt !== null ? (
          <Took ms={Date.parse(row.endedAt) - Date.parse(row.placedAt)} />
        ) : (
          <Ago at={ended ? row.placedAt : row.since} />
        )}
      </Cell>
      <Cell name="c-total">{row.total && money(row.total)}</Cell>
      <Cell name="c-kind">{row.style === 'orchestrated' && <Tag>orchestrated</Tag>}</Cell>
    </>
  );
}

function Cell({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div role="cell" className={name}>
      {children}
    </div>
  );
}

function markOf(code: string, tone: 'alarm' | 'caution'): MarkKind {
  if (code === 'DEAD_LETTER' || code === 'BEHIND_DEAD_LETTER') return 'dead';
  if (code === 'UNEXPECTED_EVENT') return 'unexpected';
  if (code === 'CIRCUIT_OPEN' || code.endsWith('_AWAY') || code === 'SLOT_LOST') return 'away';
  if (code === 'COMPENSATION_FAILED') return 'undo-failed';
  if (tone === 'alarm') return 'overdue';
  return code === 'AWAITING_APPROVAL' ? 'person' : 'timer';
}
