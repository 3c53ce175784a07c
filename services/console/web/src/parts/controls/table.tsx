import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly head: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand to the right. */
  readonly right?: boolean;
  /** Text may take several lines. */
  readonly wrap?: boolean;
  /** A phone has no room for it; what it says is in the row's own page. */
  readonly wide?: boolean;
}

const looksOf = ({ right, wrap, wide }: Omit<Column<never>, 'head' | 'cell'>): string =>
  [right && 'r num', wrap && 'wrap', wide && 'wide-only'].filter(Boolean).join(' ');

/** A plain table that scrolls sideways by itself. For long ones take a virtual list. */
export function Table<Row>(props: {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly selected?: string | null;
  readonly onOpen?: (row: Row) => void;
}) {
  const { rows, columns, keyOf, onOpen } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
    <section className="tw" tabIndex={0} aria-label={props.name}>
      <table className="tbl">
        <thead>
          <tr>
            {columns.map((column, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place.
              <th key={at} scope="col" className={looksOf({ ...column, wrap: false })}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row);
            const looks = `${onOpen ? 'is-link' : ''} ${props.selected === key ? 'is-sel' : ''}`;
            return (
              // A row is a larger target for its own link or button, which the keyboard reaches.
              <tr key={key} className={looks} onClick={onOpen && (() => onOpen(row))}>
                {columns.map((column, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place.
                  <td key={at} className={looksOf(column)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
