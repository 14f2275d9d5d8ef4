import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { readJson } from '../json';
import {
  findConflictingPairs,
  type AcceptedRule,
  type AcceptedTrust,
  type ComponentKey,
  type Finding,
  type MemberSite,
  type OrgConfig,
} from '../model';
import { closestMatch } from '../metadata';
import { listOrgFiles, ORGS_FOLDER } from './orgs-folder';
import { orgFileSchema, type OrgFile } from './org-file-schema';
import { readOverrides } from './read-overrides';

/** The orgs of a project, and the findings of all org files. A file with a finding yields no org. */
export interface LoadedOrgs {
  readonly orgs: readonly OrgConfig[];
  readonly findings: readonly Finding[];
}

/**
 * Reads config/orgs/*.json, sorted by wave and alias. Texts in `added`, by path relative to the project, replace or join the
 * files. Invalid content becomes a finding.
 */
export function loadOrgFiles(project: string, added: OrgTexts['texts'] = new Map()): LoadedOrgs {
  const { texts, findings } = readOrgTexts(project);
  const loaded = parseOrgFiles(new Map([...texts, ...added]));
  return { ...loaded, findings: [...findings, ...loaded.findings] };
}

/** The text of each config/orgs/*.json by path relative to the project, and a finding for each that can't be read. */
export interface OrgTexts {
  readonly texts: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** Reads the org files. A pipe, or a link without a target, isn't skipped: its org would be left out. */
export function readOrgTexts(project: string): OrgTexts {
  const names = listOrgFiles(project);
  const isReadable = (name: string): boolean =>
    statSync(join(project, ORGS_FOLDER, name), { throwIfNoEntry: false })?.isFile() === true;
  const readText = (name: string): string => readFileSync(join(project, ORGS_FOLDER, name), 'utf8');
  return {
    texts: new Map(names.filter(isReadable).map((name) => [`${ORGS_FOLDER}/${name}`, readText(name)])),
    findings: names.filter((name) => !isReadable(name)).map((name) => notAFileFinding(`${ORGS_FOLDER}/${name}`)),
  };
}

const notAFileFinding = (file: string): Finding => ({
  ...{ rule: 'unreadable-org-file', severity: 'error', component: '', path: '', file, line: 0 },
  message: "The org file can't be read: it is a link without a target, or no file.",
  fix: 'Replace it with a file, or delete it.',
});

/** Parses the org files of a project, sorted by wave and alias. Invalid content becomes a finding. */
function parseOrgFiles(texts: ReadonlyMap<string, string>): LoadedOrgs {
  if (texts.size === 0) return { orgs: [], findings: [noOrgsFinding()] };
  const parsedFiles = [...texts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([file, text]) => parseOrgFile(file, text));
  const orgs = parsedFiles.flatMap(({ org }) => org ?? []);
  return {
    orgs: orgs.sort((one, other) => one.wave - other.wave || (one.alias < other.alias ? -1 : 1)),
    findings: [...parsedFiles.flatMap(({ findings }) => findings), ...duplicateOrgIds(orgs)],
  };
}

const aliasOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1, -'.json'.length);

interface ParsedOrgFile {
  readonly org?: OrgConfig;
  readonly findings: readonly Finding[];
}

/** Parses one org file. Its file name is the alias. */
export function parseOrgFile(file: string, text: string): ParsedOrgFile {
  const { value, lines, problems } = readJson(text);
  const report = createReporter(file, lines);
  const alias = aliasOf(file);
  if (!/^[A-Za-z0-9][\w.@-]*$/.test(alias)) {
    const message = `"${alias}" isn't a valid alias. The file name of an org file is the alias of the login.`;
    return {
      findings: [
        report(
          'bad-alias',
          '',
          message,
          'Rename the file. Use only letters, digits, _, -, ., and @, and start with a letter or digit.',
          0,
        ),
      ],
    };
  }
  if (problems.length > 0) {
    return {
      findings: problems.map(({ line, message }) =>
        report('ill-formed-json', '', `The file isn't valid JSON: ${message}`, 'Fix the JSON syntax.', line),
      ),
    };
  }
  const parsed = orgFileSchema.safeParse(value);
  if (!parsed.success) return { findings: parsed.error.issues.flatMap((issue) => issueFindings(issue, report)) };
  return toOrgConfig(file, parsed.data, lines, report);
}

function toOrgConfig(
  file: string,
  data: OrgFile,
  lines: ReadonlyMap<string, number>,
  report: ReportFinding,
): ParsedOrgFile {
  const originOf = (path: string) => ({ file, line: lines.get(path) ?? 1 });
  const { overrides, problems } = readOverrides(data.overrides, originOf);
  const findings = problems.map(({ path, message, fix }) => report('bad-override', path, message, fix));
  if (findings.length > 0) return { findings };
  const alias = aliasOf(file);
  const { orgId, kind, wave, channels, scrt2URL, inactive, sites, existing } = data;
  const include = data.include as readonly ComponentKey[];
  const retired = data.retired as readonly ComponentKey[];
  const alsoTrusted = data.alsoTrusted as readonly AcceptedTrust[];
  const accept = data.accept as readonly AcceptedRule[];
  const identity = { alias, file, orgId, kind, wave };
  const settings = { ...identity, channels, inactive, sites, include, existing, alsoTrusted, accept, retired };
  const memberSite = data.memberSite as MemberSite | undefined;
  const optional = { ...(scrt2URL !== undefined && { scrt2URL }), ...(memberSite && { memberSite }) };
  return { org: { ...settings, overrides, lines, ...optional }, findings };
}

type ReportFinding = (rule: string, path: string, message: string, fix: string, line?: number) => Finding;

const createReporter =
  (file: string, lines: ReadonlyMap<string, number>): ReportFinding =>
  (rule, path, message, fix, line) => ({
    ...{ rule, severity: 'error', component: '', path, file, line: line ?? lineOf(lines, path) },
    message,
    fix,
  });

/** The line of a path, or of its nearest parent. */
function lineOf(lines: ReadonlyMap<string, number>, path: string): number {
  const parts = path.split('.');
  while (parts.length > 0 && !lines.has(parts.join('.'))) parts.pop();
  return lines.get(parts.join('.')) ?? 1;
}

function issueFindings(issue: z.core.$ZodIssue, report: ReportFinding): readonly Finding[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownField(key, path === '' ? key : `${path}.${key}`, report));
  return [
    report(
      'bad-org-file',
      path,
      `${path === '' ? 'The file' : path} is invalid: ${issue.message}.`,
      'Correct the value. config/README.md describes each field with an example.',
    ),
  ];
}

function unknownField(name: string, path: string, report: ReportFinding): Finding {
  const suggestion = closestMatch(name, Object.keys(orgFileSchema.shape));
  return report(
    'unknown-field',
    path,
    `An org file has no field "${name}".`,
    suggestion ? `Did you mean "${suggestion}"?` : 'Remove the field. config/README.md describes each field.',
  );
}

/** Two org files with the same org ID would deploy to the org twice at the same time. */
const duplicateOrgIds = (orgs: readonly OrgConfig[]): readonly Finding[] =>
  findConflictingPairs(
    orgs,
    ({ orgId }) => orgId,
    ({ file }) => file,
  ).map(([org, earlier]) =>
    createReporter(org.file, org.lines)(
      'shared-org-id',
      'orgId',
      `${earlier.file} has the same orgId.`,
      'Keep one org file for each org.',
    ),
  );

const noOrgsFinding = (): Finding => ({
  ...{ rule: 'no-orgs', severity: 'error', component: '', path: '', file: ORGS_FOLDER, line: 0 },
  message: 'The project has no org file.',
  fix: 'Create config/orgs/<alias>.json. config/README.md has an example.',
});
