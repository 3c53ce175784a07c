/** The words that are nearest to a mistyped one, best first: at most three, and none that has little in common with it. */
export function nearest(word: string, words: readonly string[]): string[] {
  const typed = word.toLowerCase();
  const scored = [...new Set(words)].map((candidate) => {
    const known = candidate.toLowerCase();
    return { candidate, distance: known.includes(typed) && typed.length > 2 ? 0 : editDistance(typed, known) };
  });
  const best = Math.min(...scored.map(({ distance }) => distance));
  const near = scored.filter(
    ({ candidate, distance }) => distance <= Math.min(best + 1, Math.max(2, candidate.length / 3)),
  );
  return near
    .sort((one, other) => one.distance - other.distance || one.candidate.localeCompare(other.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Levenshtein's distance: how many letters have to be put in, left out or changed. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [column, counterpart] of [...other].entries()) {
      const changed = (row[column] ?? 0) + (letter === counterpart ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
