import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const README = join(__dirname, '../../local-org/README.md');

/** Whether a call works, or the local org says that it doesn't support it. */
export type Support = 'works' | 'not supported';

/** Returns the support of a call from its error. Rethrows an error that doesn't name the local org. */
export function supportOf(error: unknown): Support {
  const { message = '', content } = error as { message?: string; content?: unknown };
  if (`${message}${JSON.stringify(content) ?? ''}`.includes('not supported by the local org')) return 'not supported';
  throw error;
}

/**
 * Compares the text between the markers `<!-- name -->` and `<!-- /name -->` in README.md with the wanted one. With the environment
 * variable UPDATE_TABLES, writes it instead.
 */
export async function assertPart(name: string, text: string): Promise<void> {
  const readme = readFileSync(README, 'utf8');
  const [start = -1, end = -1] = [`<!-- ${name} -->`, `<!-- /${name} -->`].map((marker) => readme.indexOf(marker));
  assert.ok(start > 0 && end > start, `README.md has no part ${name}`);
  const options = { ...(await resolveConfig(README)), parser: 'markdown' };
  const wanted = await format(`${readme.slice(0, start)}<!-- ${name} -->\n\n${text}\n\n${readme.slice(end)}`, options);
  if (process.env['UPDATE_TABLES']) writeFileSync(README, wanted);
  else assert.equal(readme, wanted, `The part ${name} of README.md differs. To write it, set UPDATE_TABLES=1.`);
}

/** Compares the table of what works with the results of the calls, as `assertPart` does. */
export const assertTable = (name: string, results: ReadonlyMap<string, Support>): Promise<void> =>
  assertPart(name, table(results));

/** One row for each group, which is the part of a call before the first dot or its first word. */
function table(results: ReadonlyMap<string, Support>): string {
  const groups = new Map<string, Record<Support, string[]>>();
  for (const [call, support] of results) {
    const [group = '', name = ''] = call.split(': ');
    const row = groups.get(group) ?? { works: [], 'not supported': [] };
    groups.set(group, row);
    row[support].push(`\`${name}\``);
  }
  const rows = [...groups].map(
    ([group, { works, 'not supported': not }]) =>
      `| ${group} | ${works.join(', ') || '-'} | ${not.join(', ') || '-'} |`,
  );
  return ['| | works | not supported, and says so |', '| --- | --- | --- |', ...rows].join('\n');
}
