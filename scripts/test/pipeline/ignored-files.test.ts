import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PROJECT } from '../gates/list-files';

const GUIDES = join(PROJECT, 'scripts/guides');
const read = (file: string): string => readFileSync(file, 'utf8');

const COMMANDS = /npm run (?:-s )?(?:check|plan|deploy|verify|status|monitor|rollback|report)\b.*/g;
const OUTPUT = /(?:--(?:out|junit|markdown|html|runs|history) |> )([a-z][\w./-]*)/g;

/** What the commands of a guide that read or change orgs write to the project: files, and the first folder of paths. */
const writtenBy = (guide: string): readonly string[] =>
  [...guide.matchAll(COMMANDS)]
    .flatMap(([command]) => [...command.matchAll(OUTPUT)])
    .map(([, path = '']) => path.replace(/\/.*/, ''));

test('git ignores what the commands in the guides write to the project', () => {
  const ignored = new Set(read(join(PROJECT, '.gitignore')).split('\n'));
  const guides = readdirSync(GUIDES).filter((name) => name.endsWith('.md'));
  const written = [...new Set(guides.flatMap((name) => writtenBy(read(join(GUIDES, name)))))];
  assert.ok(written.includes('saved-plan.json') && written.includes('runs') && written.includes('outcomes'));
  const tracked = written.filter((name) => !ignored.has(`/${name}`) && !ignored.has(`/${name}/`));
  assert.deepEqual(tracked, []);
});
