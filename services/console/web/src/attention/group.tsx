import type { AttentionGroup } from '../../../src/contract/work.ts';
import { count, Mark, money } from '../parts/index.ts';
import { Item } from './item.tsx';
import { kindWords } from './kinds.ts';
import { sums } from './money.ts';

/** What waits for one kind of decision, the longest first, and what happens when nobody decides. */
export function Group({ group: { kind, sentence, items } }: { readonly group: AttentionGroup }) {
  const { title, mark, tone } = kindWords(kind);
  const sorted = [...items].sort((a, b) => (a.since < b.since ? -1 : 1));
  return (
    <section className="at-g" aria-label={title}>
      <header className={tone}>
        <Mark kind={mark} size={18} />
        <h2>{title}</h2>
        <span className="num tx2">
          {count(items.length)}
          {sums(items).map((sum) => ` · ${money(sum)}`)}
        </span>
        <p className="tx2">{sentence}</p>
      </header>
      <ul>
        {sorted.map((item) => (
          <Item key={`${item.service}/${item.orderId}/${item.since}/${item.text}`} item={item} />
        ))}
      </ul>
    </section>
  );
}
