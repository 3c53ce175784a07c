import type { SagaDetail } from '../../../../src/contract/index.ts';
import {
  Button,
  CopyButton,
  clockTime,
  figureOf,
  fullMoment,
  Icon,
  IconButton,
  itemsWords,
  money,
  StateBadge,
  useCopied,
} from '../../parts/index.ts';

export interface Neighbours {
  /** "2 of 234 stuck", or empty. */
  readonly words: string;
  readonly previous: (() => void) | null;
  readonly next: (() => void) | null;
}

/** The name of the order, how it stands, and the way back to the list. */
export function Head({
  detail,
  neighbours,
  onBack,
}: {
  readonly detail: SagaDetail;
  readonly neighbours: Neighbours;
  readonly onBack: () => void;
}) {
  const [copied, copy] = useCopied();
  const turning = detail.steps.some((step) => step.state.startsWith('undo-'));
  return (
    <header className="s-head saga-head">
      <IconButton icon="back" name="Back to the list" onClick={onBack} />
      <div className="s-id">
        <h1 title={detail.orderId}>
          <span className="wide-only">Order </span>
          <span className="mono">{detail.orderId.slice(-8)}</span>
        </h1>
        <CopyButton text={detail.orderId} name="the order's id" />
        <StateBadge saga={{ state: detail.state, outcome: detail.outcome, turningBack: turning }} />
      </div>
      <ul className="facts">
        <li title={fullMoment(detail.placedAt)}>
          <Icon name="clock" />
          placed {clockTime(detail.placedAt)}
        </li>
        {detail.customerId !== null && <li>{detail.customerId}</li>}
        {detail.items.length > 0 && <li>{itemsWords(detail.items)}</li>}
        {detail.total !== null && <li className="num">{money(detail.total)}</li>}
        <li>{detail.style}</li>
        {detail.endedAt !== null && (
          <li className="num">took {figureOf(Date.parse(detail.endedAt) - Date.parse(detail.placedAt))}</li>
        )}
      </ul>
      <div className="spacer" />
      {neighbours.words !== '' && <span className="pos wide-only">{neighbours.words}</span>}
      {(neighbours.previous !== null || neighbours.next !== null) && (
        <span className="btns wide-only">
          <IconButton
            icon="up"
            look=""
            name="Previous saga of the list"
            disabled={neighbours.previous === null}
            onClick={() => neighbours.previous?.()}
          />
          <IconButton
            icon="down"
            look=""
            name="Next saga of the list"
            disabled={neighbours.next === null}
            onClick={() => neighbours.next?.()}
          />
        </span>
      )}
      <span className="wide-only">
        <Button icon={copied ? 'check' : 'link'} onClick={() => copy(location.href)}>
          {copied ? 'Copied' : 'Copy link'}
        </Button>
      </span>
    </header>
  );
}
