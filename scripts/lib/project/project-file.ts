import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { EXIT, ToolError } from '../errors';
import { readJson, readRegularFile } from '../files';
import { NEWEST_API_VERSION } from '../metadata';
import type { Finding } from '../model';
import type { ApiVersion } from '../rules';
import { Replacements } from './replacements';

/** The relevant content of sfdx-project.json. */
export interface ProjectFile {
  /** Relative to the project. */
  readonly packageDirectories: readonly string[];
  readonly apiVersion: ApiVersion;
  readonly replacements: Replacements;
  readonly findings: readonly Finding[];
}

const PROJECT_FILE = 'sfdx-project.json';

/** The members that are used. A member of another type counts as absent, because the CLI reports it. */
const projectFileSchema = z
  .object({
    packageDirectories: z.array(z.object({ path: z.string() })).catch([]),
    sourceApiVersion: z.unknown().optional(),
    replacements: z.array(z.unknown()).catch([]),
  })
  .catch({ packageDirectories: [], sourceApiVersion: undefined, replacements: [] });

/** Reads sfdx-project.json. Throws `no-project` if it doesn't exist. Every other problem is a finding. */
export function readProjectFile(project: string): ProjectFile {
  const path = join(project, PROJECT_FILE);
  if (!existsSync(path)) throw noProjectError(project);
  const { value, lines, problems } = readJson(readRegularFile(path));
  const { packageDirectories, sourceApiVersion, replacements } = projectFileSchema.parse(value);
  const directories = packageDirectories.map((directory) => directory.path);
  const outside = directories.filter((directory) => !isInside(project, directory));
  return {
    packageDirectories: directories.filter((directory) => isInside(project, directory)),
    apiVersion: {
      value: versionText(sourceApiVersion ?? NEWEST_API_VERSION),
      isDefault: sourceApiVersion === undefined,
      file: PROJECT_FILE,
      line: lines.get('sourceApiVersion') ?? 1,
    },
    replacements: new Replacements(project, replacements, (at) => lines.get(at) ?? 1),
    findings:
      problems.length > 0
        ? problems.map(invalidJsonFinding)
        : directories.length === 0
          ? [noDirectoryFinding()]
          : outside.map((directory) => outsideDirectoryFinding(directory, lines.get('packageDirectories') ?? 1)),
  };
}

/** The rules report a value that isn't a version. */
const versionText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Whether a path is a folder below the project, also after symbolic links. Commands read and write only there. */
function isInside(project: string, directory: string): boolean {
  const path = resolve(project, directory);
  return isBelow(project, path) && (!existsSync(path) || isBelow(realpathSync(project), realpathSync(path)));
}

function isBelow(folder: string, target: string): boolean {
  const path = relative(folder, target);
  return !isAbsolute(path) && path.split(/[\\/]/)[0] !== '..';
}

const outsideDirectoryFinding = (directory: string, line: number): Finding =>
  projectFileFinding(
    'package-directory-outside',
    line,
    `The package directory ${directory} is outside the project folder.`,
    'Use a path inside the project folder.',
  );

const noProjectError = (project: string): ToolError =>
  new ToolError(
    'no-project',
    {
      what: `${project} has no ${PROJECT_FILE}. No org was contacted.`,
      why: 'The command needs a Salesforce DX project.',
      fix: 'Run the command in the project folder, or specify the folder with --project.',
    },
    { exit: EXIT.invalid },
  );

const invalidJsonFinding = ({ line, message }: { line: number; message: string }): Finding =>
  projectFileFinding('ill-formed-json', line, `The file isn't valid JSON: ${message}`, 'Fix the JSON syntax.');

const noDirectoryFinding = (): Finding =>
  projectFileFinding(
    'no-package-directory',
    1,
    'packageDirectories is missing or empty.',
    'Add { "path": "force-app", "default": true } to packageDirectories.',
  );

const projectFileFinding = (rule: string, line: number, message: string, fix: string): Finding => ({
  rule,
  severity: 'error',
  component: '',
  path: '',
  file: PROJECT_FILE,
  line,
  message,
  fix,
});
