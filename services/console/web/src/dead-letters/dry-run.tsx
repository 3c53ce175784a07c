import type { ReplayView } from '../../../src/contract/work.ts';
import { Ago, count, counted, Icon, Mark, type MarkKind } from '../parts/index.ts';
import { OutcomeBar } from './outcome-bar.tsx';
import { type OutcomeWords, outcomeWords } from './words.ts';

const MARKS: Readonly<Record<OutcomeWords['tone'], MarkKind>> = {
  ok: 'done',
  dup: 'duplicate',
  wait: 'parked',
  bad: 'dead',
};

/** What a replay would come to. It was handled in a transaction that was rolled back: nothing was written. */
export function DryRun({ replay, parked }: { readonly replay: ReplayView; readonly parked: number }) {
  const { total, outcomes, startedAt, items } = replay;
  const reasons = new Map(items.map(({ outcome, reason }) => [outcome, reason]));
  return (
    <section className="dry" aria-label="Dry run" role="status">
      <p className="dry-h">
        <Icon name="eye" />
        <b>{`Dry run of ${counted(total, 'letter')}`}</b>
        <span className="tx3">
          <Ago at={startedAt} /> ago, rolled back{parked > 0 && `; ${count(parked)} parked would follow`}
        </span>
      </p>
      <OutcomeBar outcomes={outcomes} total={total} height={22} />
      <ul className="dry-k">
        {Object.entries(outcomes).map(([outcome, many]) => {
          const { one, said, tone } = outcomeWords(outcome);
          return (
            <li key={outcome} className={tone}>
              <Mark kind={MARKS[tone]} size={16} />
              <span>
                <b className="num">{count(many)}</b> {one}
                <small>{reasons.get(outcome) ?? said}</small>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
