import { readFileSync, statSync, readdirSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import {
  COMPONENT_TYPES,
  SOURCE_FOLDERS,
  isDeveloperName,
  keyOf,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type ComponentType,
  type Element,
  type Finding,
  type SignerSetting,
} from '../model';
import { readXml } from '../metadata';
import { readProjectFile, type ProjectFile } from './project-file';

/** The components in the package directories of a project, and findings about the files. */
export interface Source {
  readonly components: ComponentMap;
  /** Settings of the Apex signers. */
  readonly signers: readonly SignerSetting[];
  readonly apiVersion: ProjectFile['apiVersion'];
  readonly findings: readonly Finding[];
}

const SOURCE_SUFFIX = '-meta.xml';

/** The only custom metadata type whose records are read. They are deployed with the Apex classes that use them. */
const SIGNER_SETTING_FILE = /^Customer_Identity_Setting\.(\w+)\.md-meta\.xml$/;

/**
 * Reads the managed metadata types of a Salesforce DX project. Files of other types are ignored. A file that isn't valid
 * metadata becomes a finding, not a component. Throws only `no-project`.
 */
export function readSource(project: string): Source {
  const { packageDirectories, apiVersion, findings } = readProjectFile(project);
  const reader = new SourceReader(project);
  packageDirectories.forEach((directory) => reader.readDirectory(directory));
  const { components, signers } = reader;
  return { components, signers, apiVersion, findings: [...findings, ...reader.findings] };
}

class SourceReader {
  readonly components = new Map<ComponentKey, Component>();
  readonly signers: SignerSetting[] = [];
  readonly findings: Finding[] = [];
  private readonly project: string;
  /** Package directories can contain each other. */
  private readonly visited = new Set<string>();

  constructor(project: string) {
    this.project = project;
  }

  readDirectory(directory: string): void {
    const folder = join(this.project, directory);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      listFiles(folder).forEach((path) => this.readFile(path));
    else this.findings.push(missingDirectoryFinding(directory));
  }

  private readFile(path: string): void {
    const file = relative(this.project, path).split(sep).join('/');
    if (this.visited.has(file)) return;
    this.visited.add(file);
    const signer = SIGNER_SETTING_FILE.exec(basename(path))?.[1];
    if (signer !== undefined) return this.readSigner(path, file, signer);
    const parsed = parseFileName(basename(path));
    if (parsed?.hasExactCase === false) this.reportCase(file, parsed.type);
    if (parsed?.hasExactCase && !isDeveloperName(parsed.fullName)) return this.reportName(file, parsed.fullName);
    if (parsed?.hasExactCase) this.readComponent(path, file, parsed.type, parsed.fullName);
  }

  private readSigner(path: string, file: string, name: string): void {
    const root = this.readRoot(path, file);
    if (root) this.signers.push({ name, root });
  }

  private readRoot(path: string, file: string): Element | undefined {
    const { root, problem } = readXml(readFileSync(path, 'utf8'), file);
    if (!problem) return root;
    const message = `The file isn't well-formed XML: ${problem.message}`;
    this.report(file, problem.line, 'ill-formed-xml', message, 'Fix the XML syntax.');
    return undefined;
  }

  private readComponent(path: string, file: string, type: ComponentType, fullName: string): void {
    const root = this.readRoot(path, file);
    if (root && root.name !== type)
      return this.report(
        file,
        root.origin?.line ?? 1,
        'wrong-root',
        `The root element <${root.name}> doesn't match the type in the file name, ${type}.`,
        `Change the root element to <${type}>, or rename the file.`,
      );
    if (root) this.add({ type, fullName, root }, file);
  }

  private add(component: Component, file: string): void {
    const key = keyOf(component);
    const firstFile = this.components.get(key)?.root.origin?.file;
    if (firstFile)
      return this.report(
        file,
        1,
        'duplicate-component',
        `${key} is also defined in ${firstFile}.`,
        'Delete one of the two files.',
      );
    this.components.set(key, component);
  }

  private reportName(file: string, fullName: string): void {
    this.report(
      file,
      0,
      'bad-name',
      `"${fullName}" isn't a valid developer name.`,
      'Rename the file. Use only letters, digits, and _, and start with a letter.',
    );
  }

  private reportCase(file: string, type: ComponentType): void {
    const { suffix } = SOURCE_FOLDERS[type];
    this.report(
      file,
      0,
      'wrong-suffix-case',
      `The suffix of a ${type} file must be "${suffix}" in exactly this case. The CLI ignores the file otherwise.`,
      `Rename the file to end in .${suffix}${SOURCE_SUFFIX}.`,
    );
  }

  private report(file: string, line: number, rule: string, message: string, fix: string): void {
    this.findings.push({ rule, severity: 'error', component: '', path: '', file, line, message, fix });
  }
}

/** The finding for a package directory that isn't a folder. */
export const missingDirectoryFinding = (directory: string): Finding => ({
  ...{ rule: 'missing-package-directory', severity: 'error', component: '', path: '' },
  ...{ file: 'sfdx-project.json', line: 1 },
  message: `The package directory ${directory} isn't a folder.`,
  fix: 'Create the folder, or remove it from packageDirectories.',
});

interface ParsedFileName {
  readonly type: ComponentType;
  readonly fullName: string;
  /** Whether the suffix has the case that the CLI requires. */
  readonly hasExactCase: boolean;
}

/** Parses a file name: `Web_Chat.messagingChannel-meta.xml` is a MessagingChannel. Undefined for other files. */
function parseFileName(name: string): ParsedFileName | undefined {
  const lower = name.toLowerCase();
  const type = COMPONENT_TYPES.find((each) =>
    lower.endsWith(`.${SOURCE_FOLDERS[each].suffix}${SOURCE_SUFFIX}`.toLowerCase()),
  );
  if (!type) return undefined;
  const suffix = `.${SOURCE_FOLDERS[type].suffix}${SOURCE_SUFFIX}`;
  return { type, fullName: name.slice(0, -suffix.length), hasExactCase: name.endsWith(suffix) };
}

/** Folders without metadata. The CLI skips the same folders. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', '__tests__', '.git', '.sf', '.sfdx']);

/** All files below a folder, sorted, so that findings and plans have the same order on every machine. Links are ignored. */
export function listFiles(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : listFiles(path);
    return entry.isFile() ? [path] : [];
  });
}
