/**
 * The candidate that was probably meant: the one with the fewest edits, case counting little. Undefined where none is
 * near, so that nobody is sent the wrong way.
 */
export function closestMatch(name: string, candidates: Iterable<string>): string | undefined {
  let closest: string | undefined;
  let fewestEdits = maxEdits(name);
  for (const candidate of candidates) {
    const edits = editDistance(name, candidate);
    if (edits <= fewestEdits && (closest === undefined || edits < fewestEdits))
      [closest, fewestEdits] = [candidate, edits];
  }
  return closest ?? uniqueContaining(name, candidates);
}

/** `issuer` probably means `jwtIssuer`; a name that several candidates contain means none of them. */
function uniqueContaining(name: string, candidates: Iterable<string>): string | undefined {
  const matches = [...candidates].filter((each) => each.toLowerCase().includes(name.toLowerCase()));
  return name.length > 3 && matches.length === 1 ? matches[0] : undefined;
}

/** Up to a third of the name may be wrong, but always two letters. */
const maxEdits = (name: string): number => Math.max(2, Math.floor(name.length / 3));

/** Levenshtein distance without regard to case; a difference of case alone counts one. */
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
