/** Lines of text as Mermaid's flowcharts take them. In quotes nothing but quotes has a meaning of its own. */
export function label(lines: readonly string[]): string {
  const [only = '', ...more] = lines;
  if (more.length === 0 && /^\w+$/.test(only)) return only;
  return `"${lines.map((line) => line.replaceAll('"', '#quot;')).join('<br/>')}"`;
}

/** A text of a sequence diagram, where a semicolon ends the line and a hash begins a character's number. */
export const sequenceText = (text: string): string => text.replaceAll('#', '#35;').replaceAll(/(?<!#35);/g, '#59;');
