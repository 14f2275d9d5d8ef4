/**
 * The most similar candidate: the one with the fewest edits, with little weight on case. Undefined if none is similar, to
 * avoid a misleading suggestion.
 */
export function closestMatch(name: string, candidates: Iterable<string>): string | undefined {
  let closest: string | undefined;
  let fewestEdits = maxEdits(name);
  for (const candidate of candidates) {
    // Each missing character is an edit. Without this limit, a name of a megabyte would be compared with every candidate.
    if (Math.abs(candidate.length - name.length) > fewestEdits) continue;
    const edits = editDistance(name, candidate);
    if (edits <= fewestEdits && (closest === undefined || edits < fewestEdits))
      [closest, fewestEdits] = [candidate, edits];
  }
  return closest ?? uniqueContaining(name, candidates);
}

/** The only candidate that contains the name: `jwtIssuer` for `issuer`. Undefined if several do. */
function uniqueContaining(name: string, candidates: Iterable<string>): string | undefined {
  const part = name.toLowerCase();
  const matches = [...candidates].filter((each) => each.toLowerCase().includes(part));
  return name.length > 3 && matches.length === 1 ? matches[0] : undefined;
}

/** A third of the length of the name, but at least 2. */
const maxEdits = (name: string): number => Math.max(2, Math.floor(name.length / 3));

/** Case-insensitive Levenshtein distance. A difference only in case counts as 1. */
function editDistance(left: string, right: string): number {
  const [from, to] = [left.toLowerCase(), right.toLowerCase()];
  if (from === to) return left === right ? 0 : 1;
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const letter of from) row = nextRow(row, letter, to);
  return row[to.length] ?? 0;
}

function nextRow(previousRow: readonly number[], letter: string, to: string): number[] {
  const row = [(previousRow[0] ?? 0) + 1];
  for (let column = 0; column < to.length; column++) {
    const replaced = (previousRow[column] ?? 0) + (to[column] === letter ? 0 : 1);
    row.push(Math.min(replaced, (previousRow[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
  }
  return row;
}
