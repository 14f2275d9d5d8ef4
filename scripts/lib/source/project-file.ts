import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EXIT, ToolError } from '../errors';
import { readJson } from '../json';
import type { Finding } from '../model';

/** What this project needs of sfdx-project.json. */
export interface ProjectFile {
  /** Relative to the project. */
  readonly packageDirectories: readonly string[];
  readonly apiVersion: { readonly value: string; readonly file: string; readonly line: number };
  readonly findings: readonly Finding[];
}

const FILE = 'sfdx-project.json';

/** The members this project reads; a member of another type counts as absent, and the CLI has its own words for it. */
const shape = z
  .object({
    packageDirectories: z.array(z.object({ path: z.string() })).catch([]),
    sourceApiVersion: z.string().catch(''),
  })
  .catch({ packageDirectories: [], sourceApiVersion: '' });

/** Reads sfdx-project.json. Throws `no-project` when there is none; everything else that is wrong with it is a finding. */
export function readProjectFile(project: string): ProjectFile {
  const path = join(project, FILE);
  if (!existsSync(path)) throw noProject(project);
  const { value, lines, problems } = readJson(readFileSync(path, 'utf8'));
  const { packageDirectories, sourceApiVersion } = shape.parse(value);
  const directories = packageDirectories.map((directory) => directory.path);
  return {
    packageDirectories: directories,
    apiVersion: { value: sourceApiVersion, file: FILE, line: lines.get('sourceApiVersion') ?? 1 },
    findings: problems.length > 0 ? problems.map(illFormed) : directories.length === 0 ? [noDirectory()] : [],
  };
}

const noProject = (project: string): ToolError =>
  new ToolError(
    'no-project',
    {
      what: `There is no ${FILE} in ${project}.`,
      why: 'The command works on a Salesforce DX project.',
      fix: 'Run it in the folder of the project, or name the folder with --project.',
    },
    { exit: EXIT.invalid },
  );

const illFormed = ({ line, message }: { line: number; message: string }): Finding =>
  finding('ill-formed-json', line, `The file is not JSON: ${message}`, 'Mend the JSON.');

const noDirectory = (): Finding =>
  finding(
    'no-package-directory',
    1,
    'packageDirectories names no folder with metadata.',
    'Add { "path": "force-app", "default": true } to packageDirectories.',
  );

const finding = (rule: string, line: number, message: string, fix: string): Finding => ({
  ...{ rule, severity: 'error', component: '', path: '', file: FILE, line },
  message,
  fix,
});
