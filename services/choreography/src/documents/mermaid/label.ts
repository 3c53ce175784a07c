/** Lines of text as Mermaid's flowcharts take them. In quotes nothing but quotes has a meaning of its own. */
export function label(lines: readonly string[]): string {
  const [only = '', ...more] = lines;
  if (more.length === 0 && /^\w+$/.test(only)) return only;
  return `"${lines.map((line) => line.replaceAll('"', '#quot;')).join('<br/>')}"`;
}

/** A text of a sequence diagram, where a semicolon ends the line and a hash begins a character's number. */
export const sequenceText = (text: string): string => text.replaceAll('#', '#35;').replaceAll(/(?<!#35);/g, '#59;');

/** `30 s`, `5 min`, `1 h`. */
export function duration(ms: number): string {
  const units = [
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ] as const;
  const [unit, length] = units.find(([, length]) => ms >= length && ms % length === 0) ?? ['ms', 1];
  return `${ms / length} ${unit}`;
}
