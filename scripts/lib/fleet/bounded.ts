/** Does a task for each item, never more than `limit` at once: the next begins as soon as one is through. */
export async function bounded<T, R>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const open = [...items.entries()];
  const results: R[] = [];
  const work = async (): Promise<void> => {
    for (let next = open.shift(); next; next = open.shift()) results[next[0]] = await task(next[1]);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
