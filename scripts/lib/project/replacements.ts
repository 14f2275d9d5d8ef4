import { isAbsolute, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { issueText, readRegularFile } from '../files';
import { joinFirstNames, joinNames, type Finding } from '../model';
import { replaceWithin, searchWithin, SlowPatternError } from './bounded-pattern';
import { requireOfCli } from './cli-library';

/** The environment variables that replacements use. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An entry of "replacements" in sfdx-project.json (Salesforce DX Developer Guide: Replace Strings Before Deploying). */
const entrySchema = z
  .object({
    filename: z.string().optional(),
    glob: z.string().optional(),
    stringToReplace: z.string().optional(),
    regexToReplace: z.string().refine(isRegExp, 'must be a regular expression').optional(),
    replaceWithEnv: z.string().optional(),
    replaceWithFile: z.string().optional(),
    allowUnsetEnvVariable: z.boolean().optional(),
    replaceWhenEnv: z.array(z.object({ env: z.string(), value: z.coerce.string() })).optional(),
  })
  .refine(({ filename, glob }) => filename !== undefined || glob !== undefined, 'needs "filename" or "glob"')
  .refine(
    ({ stringToReplace, regexToReplace }) => stringToReplace !== undefined || regexToReplace !== undefined,
    'needs "stringToReplace" or "regexToReplace"',
  )
  .refine(
    ({ replaceWithEnv, replaceWithFile }) => replaceWithEnv !== undefined || replaceWithFile !== undefined,
    'needs "replaceWithEnv" or "replaceWithFile"',
  );

type Entry = z.infer<typeof entrySchema>;

/** An entry, and what it replaced so far. */
interface Replacement {
  readonly entry: Entry;
  readonly line: number;
  readonly pattern: RegExp;
  /** The value, or the reason why none is used. */
  readonly value: () => ReplacementValue;
  readonly files: Set<string>;
  /** The first file for which its regular expression takes too long. It isn't applied any more then. */
  slowFile?: string;
}

type ReplacementValue =
  | { readonly text: string }
  | { readonly missing: 'variable' | 'file'; readonly name: string }
  | { readonly secret: string; readonly reason: string };

/** A metadata file after its replacements. */
interface ReplacedFile {
  readonly text: string;
  readonly isChanged: boolean;
  readonly findings: readonly Omit<Finding, 'component' | 'file' | 'path'>[];
}

const PROJECT_FILE = 'sfdx-project.json';

/** A regular expression that takes longer for one file never ends in practice: the CLI hangs, too. */
const PATTERN_LIMIT_MS = 2_000;

/**
 * Applies the replacements of sfdx-project.json to metadata files as the CLI does when it deploys them. The functions of its
 * library (source-deploy-retrieve, replacements) are asynchronous and load slowly, so they are repeated here, and a test
 * compares the results. The value of a variable whose name says that it's secret isn't used: it would be readable in the org, in
 * plans, and in plan files.
 */
export class Replacements {
  private readonly project: string;
  private readonly replacements: readonly Replacement[];
  private readonly limitMs: number;
  private readonly invalid: readonly Finding[];

  constructor(
    project: string,
    entries: readonly unknown[],
    lineOf: (path: string) => number,
    environment: Environment = process.env,
    limitMs = PATTERN_LIMIT_MS,
  ) {
    this.project = project;
    this.limitMs = limitMs;
    const parsed = entries.map((entry, index) => ({
      line: lineOf(`replacements.${index}`),
      result: entrySchema.safeParse(entry),
    }));
    this.invalid = parsed.flatMap(({ line, result }) =>
      result.success ? [] : result.error.issues.slice(0, 1).map((issue) => invalidEntryFinding(line, issue)),
    );
    this.replacements = parsed
      .flatMap(({ line, result }) => (result.success ? [{ line, entry: result.data }] : []))
      .filter(({ entry }) => appliesIn(environment, entry))
      .map(({ line, entry }) => this.toReplacement(entry, line, environment));
  }

  private toReplacement(entry: Entry, line: number, environment: Environment): Replacement {
    const value = (): ReplacementValue =>
      entry.replaceWithEnv === undefined
        ? readValueFile(this.project, entry.replaceWithFile ?? '')
        : readVariable(environment, entry.replaceWithEnv, entry.allowUnsetEnvVariable ?? false);
    return { entry, line, pattern: patternOf(entry), value, files: new Set() };
  }

  /** The text of a metadata file after all replacements, and findings about values that are missing or secret. */
  apply(path: string, content: Buffer): ReplacedFile {
    const matching = this.replacements.filter(
      ({ entry, slowFile }) => slowFile === undefined && matchesFile(resolve(path), entry),
    );
    const original = content.toString('utf8');
    if (matching.length === 0) return { text: original, isChanged: false, findings: [] };
    const values = matching.map((replacement) => ({ replacement, value: replacement.value() }));
    const usable = values.flatMap(({ replacement, value }) => ('text' in value ? [{ replacement, ...value }] : []));
    const text = chunksOf(content)
      .map((chunk) =>
        usable.reduce((rest, { replacement, text: value }) => this.replaceIn(rest, replacement, value, path), chunk),
      )
      .join('');
    return {
      text,
      isChanged: text !== original,
      findings: [
        ...missingValues(values, (pattern) => this.search(original, pattern)),
        ...secretValues(values, (pattern) => this.search(text, pattern)),
        ...unused(usable, path),
      ],
    };
  }

  /** As in the library, the text isn't escaped, and `$&` in the value has the meaning that String.replace gives it. */
  private replaceIn(text: string, replacement: Replacement, value: string, path: string): string {
    const { entry, pattern, files } = replacement;
    try {
      const isRegex = entry.stringToReplace === undefined;
      const replaced = isRegex ? replaceWithin(text, pattern, value, this.limitMs) : text.replace(pattern, value);
      if (replaced !== text) files.add(path);
      return replaced;
    } catch (thrown) {
      if (!(thrown instanceof SlowPatternError)) throw thrown;
      replacement.slowFile ??= path;
      return text;
    }
  }

  /** The text before the first match, or undefined without one. A slow pattern counts as a match at the start. */
  private search(text: string, pattern: RegExp): string | undefined {
    try {
      const index = searchWithin(text, pattern, this.limitMs);
      return index < 0 ? undefined : text.slice(0, index);
    } catch (thrown) {
      if (!(thrown instanceof SlowPatternError)) throw thrown;
      return '';
    }
  }

  /** Invalid and slow entries, and a note with the value of each replacement that changed a file. */
  findings(): readonly Finding[] {
    const used = this.replacements.filter(({ files }) => files.size > 0);
    const slow = this.replacements.flatMap(({ entry, line, slowFile }) =>
      slowFile === undefined ? [] : [slowFinding(entry, line, this.relative(slowFile), this.limitMs)],
    );
    return [...this.invalid, ...slow, ...used.flatMap((replacement) => this.appliedFinding(replacement))];
  }

  private relative(path: string): string {
    return path
      .slice(resolve(this.project).length + 1)
      .split(sep)
      .join('/');
  }

  private appliedFinding({ entry, line, value, files }: Replacement): readonly Finding[] {
    const current = value();
    if (!('text' in current)) return [];
    const names = [...files].map((path) => this.relative(path));
    const source =
      entry.replaceWithEnv === undefined
        ? `the file ${entry.replaceWithFile ?? ''}`
        : `the environment variable ${entry.replaceWithEnv}`;
    const message = `${tokenOf(entry)} is replaced with ${shown(current.text)} from ${source} in ${joinFirstNames(names)}.`;
    return [
      projectFinding(
        'replacement-applied',
        'note',
        line,
        message,
        'No action is required if the value is the intended one.',
      ),
    ];
  }
}

function isRegExp(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'g'));
  } catch {
    return false;
  }
}

const appliesIn = (environment: Environment, { replaceWhenEnv = [] }: Entry): boolean =>
  replaceWhenEnv.every(({ env, value }) => variableOf(environment, env) === value);

/** Names such as "constructor" are inherited by every object. */
const variableOf = (environment: Environment, name: string): string | undefined =>
  Object.hasOwn(environment, name) ? environment[name] : undefined;

const patternOf = ({ stringToReplace, regexToReplace = '' }: Entry): RegExp =>
  new RegExp(stringToReplace?.replace(/[-/\\^$*+?.()|[\]{}]/g, '\\$&') ?? regexToReplace, 'g');

type Minimatch = { minimatch(path: string, pattern: string): boolean };

/** The library compares absolute paths: with the end of the path, or with the pattern in any folder. */
const matchesFile = (path: string, { filename, glob }: Entry): boolean =>
  (filename !== undefined && path.split(sep).join('/').endsWith(filename)) ||
  (glob !== undefined && (requireOfCli('minimatch') as Minimatch).minimatch(path, `**/${glob}`));

/** The size in which Node.js reads a file. */
const CHUNK_BYTES = 65_536;

/** The library replaces in whole lines of each chunk, so that a regular expression can't match across the last line end. */
function chunksOf(content: Buffer): readonly string[] {
  const chunks: string[] = [];
  let rest = '';
  for (let start = 0; start < content.length; start += CHUNK_BYTES) {
    const text = rest + content.subarray(start, start + CHUNK_BYTES).toString();
    const end = text.lastIndexOf('\n') + 1;
    chunks.push(text.slice(0, end));
    rest = text.slice(end);
  }
  return [...chunks, rest];
}

function readVariable(environment: Environment, name: string, allowUnset: boolean): ReplacementValue {
  const text = variableOf(environment, name) ?? (allowUnset ? '' : undefined);
  if (text === undefined) return { missing: 'variable', name };
  return valueOf(text, `the environment variable ${name}`, text !== '' && isSecretName(name));
}

const SECRET_NAME = /secret|passw|passphrase|pwd|token|private|credential|key|auth/i;

/** A short word is part of many others, such as SHIPPING and COMPASS. */
const SHORT_SECRET_WORDS = ['pin', 'pass'];

/** Whether the name of a variable says that its value is secret. */
function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return SECRET_NAME.test(name) || words.some((word) => SHORT_SECRET_WORDS.includes(word));
}

/** The library trims the content of a file, and rejects an empty one. */
function readValueFile(project: string, file: string): ReplacementValue {
  const path = isAbsolute(file) ? file : join(project, file);
  const text = readText(path)?.trim() ?? '';
  if (text === '') return { missing: 'file', name: file };
  return valueOf(text, `the file ${file}`, SECRET_PATH.test(file));
}

function valueOf(text: string, source: string, hasSecretName: boolean): ReplacementValue {
  if (isSecretText(text)) return { secret: source, reason: 'which contains a private key or a token' };
  return hasSecretName ? { secret: source, reason: "whose name says that it's secret" } : { text };
}

/** Public keys are in files with the word "key", so only words that no public value has count. */
const SECRET_PATH = /secret|passw|passphrase|pwd|credential|private|(^|[^a-z])token(?!s?[-_]?ur[il])/i;

/** A private key as PEM or JWK, or a signed token. */
const isSecretText = (text: string): boolean =>
  /PRIVATE KEY-----/.test(text) || /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(text) || /"d"\s*:\s*"[\w-]{40,}/.test(text);

function readText(path: string): string | undefined {
  try {
    return readRegularFile(path);
  } catch {
    return undefined;
  }
}

interface UsedReplacement {
  readonly replacement: Replacement;
  readonly value: ReplacementValue;
}

/** Returns the text before the first match of a pattern in a file; undefined without one. */
type Search = (pattern: RegExp) => string | undefined;

const lineAfter = (before: string | undefined): readonly number[] =>
  before === undefined ? [] : [before.split('\n').length];

/** One finding for all values that a file lacks, because many replacements can apply to all files of a project. */
function missingValues(used: readonly UsedReplacement[], search: Search): ReplacedFile['findings'] {
  const missing = used.flatMap(({ replacement, value }) => ('missing' in value ? [{ replacement, ...value }] : []));
  if (missing.length === 0) return [];
  const namesOf = (kind: 'variable' | 'file'): readonly string[] => [
    ...new Set(missing.filter((each) => each.missing === kind).map(({ name }) => name)),
  ];
  const [variables, files] = [namesOf('variable'), namesOf('file')];
  const tokens = joinNames([...new Set(missing.map(({ replacement }) => tokenOf(replacement.entry)))]);
  const lines = missing.flatMap(({ replacement }) => lineAfter(search(replacement.pattern)));
  const line = lines.length > 0 ? Math.min(...lines) : 0;
  const message = [
    ...(variables.length > 0 ? [unsetText(variables)] : []),
    ...files.map((file) => `The file ${file} doesn't exist or is empty.`),
    `${PROJECT_FILE} replaces ${tokens} in this file, so the CLI doesn't deploy the file.`,
  ].join(' ');
  const fix = `Set ${joinNames([...variables, ...files])}, or remove the replacement from ${PROJECT_FILE}.`;
  return [{ rule: 'replacement-without-value', severity: 'error', line, message, fix }];
}

/** An error at each text that a secret would replace. */
const secretValues = (used: readonly UsedReplacement[], search: Search): ReplacedFile['findings'] =>
  used.flatMap(({ replacement: { entry, pattern }, value }) => {
    const [line] = 'secret' in value ? lineAfter(search(pattern)) : [];
    return 'secret' in value && line !== undefined ? [secretFinding(entry, value, line)] : [];
  });

const secretFinding = (
  entry: Entry,
  { secret, reason }: { readonly secret: string; readonly reason: string },
  line: number,
): ReplacedFile['findings'][number] => ({
  rule: 'replacement-with-secret',
  severity: 'error',
  line,
  message: `${PROJECT_FILE} replaces ${tokenOf(entry)} with ${secret}, ${reason}. The value would be deployed as readable metadata and shown in plans.`,
  fix: `Remove the replacement from ${PROJECT_FILE}. If the value is public, give it in a variable or file with another name.`,
});

const unsetText = (names: readonly string[]): string =>
  names.length === 1
    ? `The environment variable ${names[0]} isn't set.`
    : `The environment variables ${joinNames(names)} aren't set.`;

/** A named file without the text, as the CLI warns. The files of a pattern don't have to contain it. */
const unused = (used: readonly { readonly replacement: Replacement }[], path: string): ReplacedFile['findings'] =>
  used
    .filter(({ replacement: { entry, files } }) => entry.filename !== undefined && !files.has(path))
    .map(({ replacement: { entry } }) => ({
      rule: 'replacement-unused',
      severity: 'warning',
      line: 0,
      message: `${PROJECT_FILE} replaces ${tokenOf(entry)} in this file, but the file doesn't contain it.`,
      fix: `Correct the replacement, or remove it from ${PROJECT_FILE}.`,
    }));

const tokenOf = ({ stringToReplace, regexToReplace = '' }: Entry): string =>
  stringToReplace === undefined ? `/${regexToReplace}/` : `"${stringToReplace}"`;

const MAX_VALUE_LENGTH = 120;

/** A value that can be a key isn't printed. */
function shown(value: string): string {
  const isPlain = value.length <= MAX_VALUE_LENGTH && !/[\r\n]/.test(value) && !/^\s*[{[-]/.test(value);
  return isPlain ? `"${value}"` : `a value of ${value.length} characters`;
}

const invalidEntryFinding = (line: number, issue: z.core.$ZodIssue): Finding =>
  projectFinding(
    'bad-replacement',
    'error',
    line,
    `The replacement is invalid: ${issue.path.join('.') || 'it'} ${issueText(issue)}.`,
    'Correct the entry. See "Replace Strings Before Deploying" in the Salesforce DX Developer Guide.',
  );

const slowFinding = (entry: Entry, line: number, file: string, limitMs: number): Finding =>
  projectFinding(
    'bad-replacement',
    'error',
    line,
    `The regular expression ${tokenOf(entry)} takes more than ${limitMs} ms for ${file}, and may never end. The CLI doesn't stop it.`,
    'Write it without nested repetitions such as (a+)+, or use stringToReplace.',
  );

const projectFinding = (
  rule: string,
  severity: Finding['severity'],
  line: number,
  message: string,
  fix: string,
): Finding => ({ rule, severity, component: '', path: '', file: PROJECT_FILE, line, message, fix });
