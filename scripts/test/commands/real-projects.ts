/**
 * Takes projects shaped like those of public repositories through check, plan, deploy, and plan, imports each org into an empty
 * project, and plans that. Prints a table.
 *
 * Usage: `npm run projects`, which takes less than a minute. PROJECTS is a regular expression for the names of the projects.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { runCycle, type CycleRow } from './project-cycle';
import { projectShapes } from './project-shapes';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const rows: CycleRow[] = [];

test('projects', async (suite) => {
  const selected = (await projectShapes()).filter(({ name }) =>
    new RegExp(process.env['PROJECTS'] ?? '', 'i').test(name),
  );
  for (const [index, shape] of selected.entries())
    await suite.test(shape.name, async () => {
      const row = await runCycle(workspace, shape, `shape${index + 1}`);
      rows.push(row);
      assert.deepEqual(row.problems, []);
    });
});

after(() => {
  const header = ['project', 'check', 'plan', 'deploy', 'plan', 'import', 'plan of the import'];
  const cells = rows.map((row) => [
    row.name,
    row.check,
    row.plan,
    row.deploy,
    row.planAfter,
    row.import,
    row.planOfImport,
  ]);
  const widths = header.map((title, index) => Math.max(title.length, ...cells.map((row) => (row[index] ?? '').length)));
  for (const row of [header, ...cells])
    process.stdout.write(
      `${row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
});
