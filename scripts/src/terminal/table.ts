/** One row of cells; a number is set to the right, text to the left. */
export type Row = readonly (string | number)[];

/** A table as lines: a head, a rule, and the rows, each column as wide as its widest cell. */
export function table(head: readonly string[], rows: readonly Row[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(widthOf)),
  );
  const numeric = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const line = (cells: Row): string =>
    widths
      .map((width, column) => set(cells[column] ?? '', width, numeric[column] === true))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)];
}

function set(cell: string | number, width: number, right: boolean): string {
  const fill = ' '.repeat(width - widthOf(cell));
  return right ? fill + cell : cell + fill;
}

const widthOf = (cell: string | number): number => [...String(cell)].length;
