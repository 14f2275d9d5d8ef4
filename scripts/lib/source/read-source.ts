import { readFileSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import {
  COMPONENT_TYPES,
  FOLDERS,
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
import { filesBelow } from './files';
import { readProjectFile, type ProjectFile } from './project-file';

/** What the package directories of a project hold, with everything that is wrong with the files themselves. */
export interface Source {
  readonly components: ComponentMap;
  /** How orgs sign that mint their tokens in Apex. */
  readonly signers: readonly SignerSetting[];
  readonly apiVersion: ProjectFile['apiVersion'];
  readonly findings: readonly Finding[];
}

const SOURCE_ENDING = '-meta.xml';

/** The one custom metadata type whose records this project reads; they are deployed with the Apex that uses them. */
const SIGNER_SETTING = /^Customer_Identity_Setting\.(\w+)\.md-meta\.xml$/;

/**
 * Reads the composed metadata types of a Salesforce DX project. Files of other types are left alone. A file that cannot be
 * read as metadata becomes a finding and no component. Throws only `no-project`.
 */
export function readSource(project: string): Source {
  const { packageDirectories, apiVersion, findings } = readProjectFile(project);
  const reader = new Reader(project);
  packageDirectories.forEach((directory) => reader.readDirectory(directory));
  const { components, signers } = reader;
  return { components, signers, apiVersion, findings: [...findings, ...reader.findings] };
}

class Reader {
  readonly components = new Map<ComponentKey, Component>();
  readonly signers: SignerSetting[] = [];
  readonly findings: Finding[] = [];
  private readonly project: string;
  /** Package directories may lie inside one another. */
  private readonly seen = new Set<string>();

  constructor(project: string) {
    this.project = project;
  }

  readDirectory(directory: string): void {
    const folder = join(this.project, directory);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      filesBelow(folder).forEach((path) => this.readFile(path));
    else
      this.report(
        'sfdx-project.json',
        1,
        'missing-package-directory',
        `The package directory ${directory} is no folder.`,
        'Create it, or take it out of packageDirectories.',
      );
  }

  private readFile(path: string): void {
    const file = relative(this.project, path).split(sep).join('/');
    if (this.seen.has(file)) return;
    this.seen.add(file);
    const signer = SIGNER_SETTING.exec(basename(path))?.[1];
    if (signer !== undefined) return this.readSigner(path, file, signer);
    const named = nameOf(basename(path));
    if (named?.exact === false) this.reportCase(file, named.type);
    if (named?.exact && !isDeveloperName(named.fullName)) return this.reportName(file, named.fullName);
    if (named?.exact) this.readComponent(path, file, named.type, named.fullName);
  }

  private readSigner(path: string, file: string, name: string): void {
    const root = this.readRoot(path, file);
    if (root) this.signers.push({ name, root });
  }

  private readRoot(path: string, file: string): Element | undefined {
    const { root, problem } = readXml(readFileSync(path, 'utf8'), file);
    if (!problem) return root;
    const message = `The file is not well-formed XML: ${problem.message}`;
    this.report(
      file,
      problem.line,
      'ill-formed-xml',
      message,
      'Mend the XML; an editor with XML support shows the place.',
    );
    return undefined;
  }

  private readComponent(path: string, file: string, type: ComponentType, fullName: string): void {
    const root = this.readRoot(path, file);
    if (root && root.name !== type)
      return this.report(
        file,
        root.origin?.line ?? 1,
        'wrong-root',
        `The root element is <${root.name}>, but the file name says ${type}.`,
        `Make <${type}> the root element, or rename the file.`,
      );
    if (root) this.add({ type, fullName, root }, file);
  }

  private add(component: Component, file: string): void {
    const key = keyOf(component);
    const before = this.components.get(key)?.root.origin?.file;
    if (before)
      return this.report(
        file,
        1,
        'duplicate-component',
        `${key} is also defined in ${before}.`,
        'Keep one of the two files.',
      );
    this.components.set(key, component);
  }

  private reportName(file: string, fullName: string): void {
    this.report(
      file,
      0,
      'bad-name',
      `"${fullName}" is no developer name.`,
      'Name the file with letters, digits and _, a letter first.',
    );
  }

  private reportCase(file: string, type: ComponentType): void {
    const { suffix } = FOLDERS[type];
    this.report(
      file,
      0,
      'wrong-suffix-case',
      `The suffix of a ${type} is "${suffix}", in exactly this case; the CLI does not recognise the file and would leave it out.`,
      `Rename the file to end in .${suffix}${SOURCE_ENDING}.`,
    );
  }

  private report(file: string, line: number, rule: string, message: string, fix: string): void {
    this.findings.push({ rule, severity: 'error', component: '', path: '', file, line, message, fix });
  }
}

interface Named {
  readonly type: ComponentType;
  readonly fullName: string;
  /** Whether the suffix has the case that the CLI asks for. */
  readonly exact: boolean;
}

/** What a file name says: `Web_Chat.messagingChannel-meta.xml` is a MessagingChannel. Undefined for other files. */
function nameOf(name: string): Named | undefined {
  const lower = name.toLowerCase();
  const type = COMPONENT_TYPES.find((each) => lower.endsWith(`.${FOLDERS[each].suffix}${SOURCE_ENDING}`.toLowerCase()));
  if (!type) return undefined;
  const ending = `.${FOLDERS[type].suffix}${SOURCE_ENDING}`;
  return { type, fullName: name.slice(0, -ending.length), exact: name.endsWith(ending) };
}
