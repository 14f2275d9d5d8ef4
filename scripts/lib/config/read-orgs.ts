import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { readJson } from '../json';
import type { ComponentKey, Finding, OrgConfig } from '../model';
import { nearest } from '../wsdl';
import { ORGS_FOLDER } from './folder';
import { orgFile, type OrgFile } from './org-file';
import { readOverrides } from './overrides';

/** The orgs of a project, or every problem with their files at once. A file with a problem yields no org. */
export interface Orgs {
  readonly orgs: readonly OrgConfig[];
  readonly findings: readonly Finding[];
}

/** Reads config/orgs/*.json, sorted by wave and alias. Never throws for what a file says. */
export function readOrgs(project: string): Orgs {
  const folder = join(project, ORGS_FOLDER);
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json')).map(({ name }) => name);
  if (names.length === 0) return { orgs: [], findings: [noOrgs()] };
  const read = names.sort().map((name) => readOrg(`${ORGS_FOLDER}/${name}`, readFileSync(join(folder, name), 'utf8')));
  const orgs = read.flatMap(({ org }) => org ?? []);
  return {
    orgs: orgs.sort((one, other) => one.wave - other.wave || (one.alias < other.alias ? -1 : 1)),
    findings: [...read.flatMap(({ findings }) => findings), ...sharedIds(orgs)],
  };
}

const aliasOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1, -'.json'.length);

interface ReadOrg {
  readonly org?: OrgConfig;
  readonly findings: readonly Finding[];
}

/** Reads one org file; its name is the alias. */
export function readOrg(file: string, text: string): ReadOrg {
  const { value, lines, problems } = readJson(text);
  const report = reporter(file, lines);
  const alias = aliasOf(file);
  if (!/^[A-Za-z0-9][\w.@-]*$/.test(alias)) {
    const message = `"${alias}" is no alias: the file name is handed to the CLI as one.`;
    return { findings: [report('bad-alias', '', message, 'Name the file with letters, digits, _, -, . and @.', 0)] };
  }
  if (problems.length > 0) {
    return {
      findings: problems.map(({ line, message }) =>
        report('ill-formed-json', '', `The file is not JSON: ${message}`, 'Mend the JSON.', line),
      ),
    };
  }
  const shaped = orgFile.safeParse(value);
  if (!shaped.success) return { findings: shaped.error.issues.flatMap((issue) => describe(issue, report)) };
  return interpret(file, shaped.data, lines, report);
}

function interpret(file: string, data: OrgFile, lines: ReadonlyMap<string, number>, report: Reporter): ReadOrg {
  const originOf = (path: string) => ({ file, line: lines.get(path) ?? 1 });
  const { overrides, problems } = readOverrides(data.overrides, originOf);
  const findings = problems.map(({ path, message, fix }) => report('bad-override', path, message, fix));
  if (findings.length > 0) return { findings };
  const alias = aliasOf(file);
  const { orgId, kind, wave, channels, scrt2URL, inactive, existing } = data;
  const include = data.include as readonly ComponentKey[];
  const stated = { alias, file, orgId, kind, wave, channels, inactive, include, existing, overrides, lines };
  return { org: { ...stated, ...(scrt2URL !== undefined && { scrt2URL }) }, findings };
}

type Reporter = (rule: string, path: string, message: string, fix: string, line?: number) => Finding;

const reporter =
  (file: string, lines: ReadonlyMap<string, number>): Reporter =>
  (rule, path, message, fix, line) => ({
    ...{ rule, severity: 'error', component: '', path, file, line: line ?? lineOf(lines, path) },
    message,
    fix,
  });

/** The line of a path, or of the nearest thing around it. */
function lineOf(lines: ReadonlyMap<string, number>, path: string): number {
  const parts = path.split('.');
  while (parts.length > 0 && !lines.has(parts.join('.'))) parts.pop();
  return lines.get(parts.join('.')) ?? 1;
}

function describe(issue: z.core.$ZodIssue, report: Reporter): readonly Finding[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownField(key, path === '' ? key : `${path}.${key}`, report));
  return [
    report(
      'bad-org-file',
      path,
      `${path === '' ? 'The file' : path} is not as it should be: ${issue.message}.`,
      'See config/README.md for every field, with an example.',
    ),
  ];
}

function unknownField(name: string, path: string, report: Reporter): Finding {
  const close = nearest(name, Object.keys(orgFile.shape));
  return report(
    'unknown-field',
    path,
    `An org file has no field "${name}".`,
    close ? `Did you mean "${close}"?` : 'See config/README.md for every field.',
  );
}

/** Two aliases of one org would deploy to it twice at the same time. */
const sharedIds = (orgs: readonly OrgConfig[]): readonly Finding[] =>
  orgs.flatMap((org, index) => {
    const before = orgs.slice(0, index).find((other) => other.orgId === org.orgId);
    return before
      ? [
          reporter(org.file, org.lines)(
            'shared-org-id',
            'orgId',
            `${before.file} pins the same org.`,
            'Keep one file for each org.',
          ),
        ]
      : [];
  });

const noOrgs = (): Finding => ({
  ...{ rule: 'no-orgs', severity: 'error', component: '', path: '', file: ORGS_FOLDER, line: 0 },
  message: 'There is no org file.',
  fix: 'Write config/orgs/<alias>.json for the first org; config/README.md shows one.',
});
