/**
 * The candidate that was probably meant: the one with the fewest edits, case counting little. Undefined where none is
 * near, so that nobody is sent the wrong way.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = farthest(name);
  for (const candidate of candidates) {
    const edits = distance(name, candidate);
    if (edits <= least && (best === undefined || edits < least)) [best, least] = [candidate, edits];
  }
  return best ?? containing(name, candidates);
}

/** `issuer` probably means `jwtIssuer`; a name that several candidates contain means none of them. */
function containing(name: string, candidates: Iterable<string>): string | undefined {
  const found = [...candidates].filter((each) => each.toLowerCase().includes(name.toLowerCase()));
  return name.length > 3 && found.length === 1 ? found[0] : undefined;
}

/** Up to a third of the name may be wrong, but always two letters. */
const farthest = (name: string): number => Math.max(2, Math.floor(name.length / 3));

/** Levenshtein distance without regard to case; a difference of case alone counts one. */
function distance(left: string, right: string): number {
  const [from, to] = [left.toLowerCase(), right.toLowerCase()];
  if (from === to) return left === right ? 0 : 1;
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const letter of from) row = nextRow(row, letter, to);
  return row[to.length] ?? 0;
}

function nextRow(above: readonly number[], letter: string, to: string): number[] {
  const row = [(above[0] ?? 0) + 1];
  for (let column = 0; column < to.length; column++) {
    const replaced = (above[column] ?? 0) + (to[column] === letter ? 0 : 1);
    row.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
  }
  return row;
}
