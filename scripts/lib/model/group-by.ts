/** Groups items by key, in the order in which the keys first occur. */
export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly [T, ...(readonly T[])]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** The first item of each key. */
export const uniqueBy = <T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] =>
  [...groupBy(items, keyOf).values()].map(([first]) => first);

/**
 * Each item that conflicts with an earlier one, with the first earlier one that it conflicts with: items with the same key,
 * but not the same value. An item without a key conflicts with none.
 */
export function findConflictingPairs<T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
  valueOf: (item: T) => unknown,
): readonly (readonly [item: T, earlier: T])[] {
  /** The first item of each key, and the first one with another value than that. */
  const earlierByKey = new Map<string, { readonly first: T; other?: T }>();
  return items.flatMap((item) => {
    const key = keyOf(item);
    if (key === undefined) return [];
    const earlier = earlierByKey.get(key);
    if (!earlier) earlierByKey.set(key, { first: item });
    const isFirstValue = earlier && valueOf(earlier.first) === valueOf(item);
    const conflict = isFirstValue ? earlier.other : earlier?.first;
    if (earlier && !isFirstValue) earlier.other ??= item;
    return conflict === undefined ? [] : [[item, conflict] as const];
  });
}
