import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { issueSentence, readJson, readRegularFile } from '../files';
import {
  npmRun,
  findConflictingPairs,
  originIn,
  type AcceptedRule,
  type AcceptedTrust,
  type ComponentKey,
  type Finding,
  type MemberSite,
  type OrgConfig,
  type Origin,
} from '../model';
import { closestMatch } from '../metadata';
import {
  DEFAULTS_FILE,
  mergeDefaults,
  nearestOrigin,
  originated,
  OWN_FIELDS,
  type OriginatedValue,
} from './org-defaults';
import { listFleetFiles, ORGS_FOLDER } from './orgs-folder';
import { orgFileSchema, type OrgFile } from './org-file-schema';
import { readOverrides } from './read-overrides';

/** The orgs of a project, and the findings of all org files. A file with a finding yields no org. */
export interface LoadedOrgs {
  readonly orgs: readonly OrgConfig[];
  readonly findings: readonly Finding[];
}

/**
 * Reads config/orgs/*.json, sorted by wave and alias, each on top of the shared values in _defaults.json. Texts in `added`, by path relative to the project, replace or join the
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

/** Reads the org files. A pipe, a folder, or a link without a target isn't skipped: its org would be left out. */
export function readOrgTexts(project: string): OrgTexts {
  const names = listFleetFiles(project);
  const isReadable = (name: string): boolean =>
    statSync(join(project, ORGS_FOLDER, name), { throwIfNoEntry: false })?.isFile() === true;
  const readText = (name: string): string => readRegularFile(join(project, ORGS_FOLDER, name));
  return {
    texts: new Map(names.filter(isReadable).map((name) => [`${ORGS_FOLDER}/${name}`, readText(name)])),
    findings: names.filter((name) => !isReadable(name)).map((name) => notAFileFinding(`${ORGS_FOLDER}/${name}`)),
  };
}

const notAFileFinding = (file: string): Finding => ({
  rule: 'unreadable-org-file',
  severity: 'error',
  component: '',
  path: '',
  file,
  line: 0,
  message: "The org file can't be read: it isn't a file, or it is a link without a target.",
  fix: 'Replace it with a file, or delete it.',
});

/**
 * Parses the org files of a project, sorted by wave and alias. Invalid content becomes a finding; if the shared values are invalid,
 * no org file is read.
 */
export function parseOrgFiles(texts: ReadonlyMap<string, string>): LoadedOrgs {
  const files = [...texts].filter(([file]) => file !== DEFAULTS_FILE);
  if (files.length === 0) return { orgs: [], findings: [noOrgsFinding()] };
  const defaultsText = texts.get(DEFAULTS_FILE);
  const defaults = defaultsText === undefined ? undefined : parseDefaults(defaultsText);
  if (defaults && defaults.findings.length > 0) return { orgs: [], findings: defaults.findings };
  const parsedFiles = files
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([file, text]) => parseOrgFile(file, text, defaults));
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

/** The shared values of a project, and the findings of their file. */
export interface ParsedDefaults extends OriginatedValue {
  readonly overrides: OrgConfig['overrides'];
  readonly findings: readonly Finding[];
}

/** Every field of an org file that several orgs can share. All are optional. */
const defaultsSchema = orgFileSchema.omit({ orgId: true, scrt2URL: true }).partial();

/** Parses the shared values. They are checked alone too, so that a mistake is reported once, and not for each org. */
export function parseDefaults(text: string): ParsedDefaults {
  const { problems, ...parsed } = readJson(text);
  const values = { ...originated(DEFAULTS_FILE, parsed), overrides: new Map() };
  const report = createReporter(DEFAULTS_FILE, values.origins);
  const syntax = problems.map(({ line, message }) => invalidJson(report, line, message));
  if (syntax.length > 0) return { ...values, findings: syntax };
  const { data, error } = defaultsSchema.safeParse(values.value);
  if (!data) return { ...values, findings: error.issues.flatMap((issue) => issueFindings(issue, report)) };
  const originOf = (path: string): Origin => nearestOrigin(values.origins, path, DEFAULTS_FILE);
  const { overrides, problems: invalid } = readOverrides(data.overrides ?? {}, originOf);
  return {
    ...values,
    overrides,
    findings: invalid.map(({ path, message, fix }) => report('bad-override', path, message, fix)),
  };
}

/** Parses one org file on top of the shared values. Its file name is the alias. */
export function parseOrgFile(file: string, text: string, defaults?: OriginatedValue): ParsedOrgFile {
  const { problems, ...parsed } = readJson(text);
  const { value, origins } =
    problems.length > 0 ? originated(file, parsed) : mergeDefaults(defaults, originated(file, parsed));
  const report = createReporter(file, origins);
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
    return { findings: problems.map(({ line, message }) => invalidJson(report, line, message)) };
  }
  const { data, error } = orgFileSchema.safeParse(value);
  if (!data) return { findings: error.issues.flatMap((issue) => issueFindings(issue, report)) };
  return toOrgConfig(file, data, origins, report);
}

const invalidJson = (report: ReportFinding, line: number, message: string): Finding =>
  report('ill-formed-json', '', `The file isn't valid JSON: ${message}`, 'Fix the JSON syntax.', line);

function toOrgConfig(
  file: string,
  data: OrgFile,
  origins: ReadonlyMap<string, Origin>,
  report: ReportFinding,
): ParsedOrgFile {
  const originOf = (path: string): Origin => originIn({ file, origins }, path);
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
  const memberSite = data.memberSite as MemberSite | null | undefined;
  const optional = {
    ...(scrt2URL !== undefined && { scrt2URL }),
    ...(data.endpointKeys && { endpointKeys: data.endpointKeys }),
    ...(memberSite && { memberSite }),
  };
  return { org: { ...settings, overrides, origins, ...optional }, findings };
}

type ReportFinding = (rule: string, path: string, message: string, fix: string, line?: number) => Finding;

/** A finding is at the origin of its path, unless a line of the file is given. */
const createReporter =
  (file: string, origins: ReadonlyMap<string, Origin>): ReportFinding =>
  (rule, path, message, fix, line) => ({
    rule,
    severity: 'error',
    component: '',
    path,
    ...(line === undefined ? nearestOrigin(origins, path, file) : { file, line }),
    message,
    fix,
  });

function issueFindings(issue: z.core.$ZodIssue, report: ReportFinding): readonly Finding[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownField(key, path === '' ? key : `${path}.${key}`, report));
  return [
    report(
      'bad-org-file',
      path,
      issueSentence(issue),
      'Correct the value. config/README.md describes each field with an example.',
    ),
  ];
}

function unknownField(name: string, path: string, report: ReportFinding): Finding {
  if (path === name && OWN_FIELDS.some((field) => field === name)) return ownField(name, report);
  const suggestion = closestMatch(name, Object.keys(orgFileSchema.shape));
  return report(
    'unknown-field',
    path,
    `An org file has no field "${name}".`,
    suggestion ? `Did you mean "${suggestion}"?` : 'Remove the field. config/README.md describes each field.',
  );
}

/** Only the file of shared values lacks these fields. */
const ownField = (name: string, report: ReportFinding): Finding =>
  report(
    'unknown-field',
    name,
    `${DEFAULTS_FILE} can't contain "${name}", because each org has its own.`,
    `Move "${name}" to the org file that it belongs to.`,
  );

/** Two org files with the same org ID would deploy to the org twice at the same time. */
const duplicateOrgIds = (orgs: readonly OrgConfig[]): readonly Finding[] =>
  findConflictingPairs(
    orgs,
    ({ orgId }) => orgId,
    ({ file }) => file,
  ).map(([org, earlier]) =>
    createReporter(org.file, org.origins)(
      'shared-org-id',
      'orgId',
      `${earlier.file} has the same orgId.`,
      'Keep one org file for each org.',
    ),
  );

const noOrgsFinding = (): Finding => ({
  rule: 'no-orgs',
  severity: 'error',
  component: '',
  path: '',
  file: ORGS_FOLDER,
  line: 0,
  message: 'The project has no org file.',
  fix: `Create it with the alias of a login: ${npmRun('setup', '--org', 'ORG')}`,
});
