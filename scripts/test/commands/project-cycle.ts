import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asToolError } from '../../lib/errors';
import { loadProject } from '../../lib/project';
import type { OrgSetup } from './fleet';
import { ImportFixture, type ImportResult } from './run-import';
import { runInProcess, type CommandName } from './run-command';
import type { ProjectShape } from './project-shapes';
import type { Workspace } from './workspace';

/** The result of each step for one project. A step that isn't as expected has its output. */
export interface CycleRow {
  readonly name: string;
  readonly check: string;
  readonly plan: string;
  readonly deploy: string;
  readonly planAfter: string;
  readonly import: string;
  readonly planOfImport: string;
  readonly problems: readonly string[];
}

/** The exit code of each step when the project works. */
const EXPECTED = { plan: 2, deploy: 0, planAfter: 0, import: 0, planOfImport: 0 } as const;

/** Checks, plans, deploys, and plans a project, imports the org into an empty project, and plans that. */
export async function runCycle(workspace: Workspace, shape: ProjectShape, alias: string): Promise<CycleRow> {
  const fixture = new ImportFixture(workspace);
  const setup: OrgSetup = { ...shape.options, seed: shape.seed ?? [] };
  const org = await fixture.start(alias, setup);
  const folder = writeProject(workspace, {
    ...shape.files,
    [`config/orgs/${alias}.json`]: JSON.stringify({ orgId: org.orgId, kind: 'sandbox', ...shape.org }, null, 2),
  });
  const empty = writeProject(workspace, { 'sfdx-project.json': emptyProjectFile(shape) });
  const problems: string[] = [];
  return withEnvironment(shape.env ?? {}, async () => {
    const { findings } = loadProject(folder, { orgs: [alias] }, new Date());
    const errors = findings.filter(({ severity }) => severity === 'error');
    problems.push(...errors.map(({ rule, component, message }) => `check: ${rule} ${component} ${message}`));
    const run = async (step: keyof typeof EXPECTED, command: CommandName, project: string): Promise<string> => {
      const { exit, shown, document } = await runInProcess(command, project, workspace.workers, {
        org: [alias],
        accept: ['disruptive'],
      });
      if (exit !== EXPECTED[step]) problems.push(`${step}: exit ${exit}\n${shown}`);
      const changes = document.orgs.reduce((sum, each) => sum + each.changes.length, 0);
      return command === 'plan' ? `${exit} (${changes})` : String(exit);
    };
    const plan = await run('plan', 'plan', folder);
    const deploy = await run('deploy', 'deploy', folder);
    const planAfter = await run('planAfter', 'plan', folder);
    const imported = await importOrg(fixture, empty, alias, shape.org.channels);
    if (imported.exit !== EXPECTED.import) problems.push(`import: exit ${imported.exit}\n${imported.shown}`);
    const planOfImport = await run('planOfImport', 'plan', empty);
    const check = errors.length === 0 ? 'passed' : `${errors.length} errors`;
    return {
      name: shape.name,
      check,
      plan,
      deploy,
      planAfter,
      planOfImport,
      problems,
      import: `${imported.exit} (${imported.files.length} files)`,
    };
  });
}

/** The result of an import, also of one that stops with an error. */
const importOrg = (
  fixture: ImportFixture,
  project: string,
  alias: string,
  channels: readonly string[],
): Promise<Pick<ImportResult, 'exit' | 'shown' | 'files'>> =>
  fixture.import(project, [alias], { write: true, channel: [...channels] }).catch((thrown: unknown) => {
    const { exit, what, why } = asToolError(thrown);
    return { exit, shown: `${what} ${why}`, files: [] };
  });

/** A project with the API version of the shape and without any other file. */
function emptyProjectFile({ files }: ProjectShape): string {
  const { sourceApiVersion } = JSON.parse(files['sfdx-project.json'] ?? '{}') as { sourceApiVersion?: string };
  return JSON.stringify({ packageDirectories: [{ path: 'force-app', default: true }], sourceApiVersion });
}

function writeProject(workspace: Workspace, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(workspace.folder, 'shape-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** Runs a function with environment variables, and restores the earlier ones. */
async function withEnvironment<T>(values: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  try {
    return await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
