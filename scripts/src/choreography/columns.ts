const LINE_WIDTH = 120;

/** Rows as indented lines, each column as wide as its widest cell. A last cell that is long goes on below itself. */
export function inColumns(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const indent = widths.reduce((sum, width) => sum + width + 2, 2);
  return rows.flatMap((row) => {
    const before = widths.map((width, at) => (row[at] ?? '').padEnd(width)).join('  ');
    const [first = '', ...more] = wrapped((row[columns] ?? '').split(' '), LINE_WIDTH - indent);
    return [`  ${before}  ${first}`.trimEnd(), ...more.map((line) => ' '.repeat(indent) + line)];
  });
}

/** Phrases as lines that are as wide as this at most, but where one phrase alone is wider. */
export function wrapped(phrases: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const phrase of phrases) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + phrase.length <= width) lines[lines.length - 1] = `${last} ${phrase}`;
    else lines.push(phrase);
  }
  return lines.length === 0 ? [''] : lines;
}
