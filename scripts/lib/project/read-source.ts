import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import {
  COMPONENT_TYPES,
  SOURCE_FOLDERS,
  isDeveloperName,
  keyOf,
  mapOf,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type ComponentType,
  type Element,
  type Finding,
  type OrgConfig,
  type Origin,
  type Severity,
  type Undeployed,
  type UndeployedComponents,
} from '../model';
import { readXml } from '../metadata';
import { readForceIgnore } from './force-ignore';
import { MEMBER_SITE_PACKAGE } from './member-site';
import { readProjectFile, type ProjectFile } from './project-file';
import { LINK_TEXTS, listFiles } from './list-files';
import { readMemberSite } from './read-member-site';
import type { Replacements } from './replacements';

/** The components in the package directories of a project, and findings about the files. */
export interface Source {
  readonly components: ComponentMap;
  readonly undeployed: UndeployedComponents;
  /** The components of the package directory member-site, with its Apex classes and the files of its component. */
  readonly memberSite: ComponentMap;
  readonly apiVersion: ProjectFile['apiVersion'];
  readonly findings: readonly Finding[];
}

const SOURCE_SUFFIX = '-meta.xml';

/**
 * Types that managed components reference and that this project doesn't deploy, by the suffix of their files; and the one that each
 * enhanced LWR site has (Metadata API guide, DigitalExperienceConfig).
 */
const REFERENCED_TYPES: ReadonlyMap<string, string> = new Map([
  ['flow', 'Flow'],
  ['bot', 'Bot'],
  ['digitalExperienceConfig', 'DigitalExperienceConfig'],
]);

/**
 * Reads the managed metadata types of a Salesforce DX project, and all files of its member site. Other files are ignored. A file
 * that isn't valid metadata becomes a finding, not a component. As in the CLI, files that .forceignore excludes are left out, and
 * the replacements of sfdx-project.json are applied. Permission sets are read if one of `orgs` names them. Files in `added`, by path
 * relative to the project, are read as if they were on disk. Throws only `no-project`.
 */
export function readSource(project: string, orgs: readonly OrgConfig[] = [], added: FileTexts = new Map()): Source {
  const { packageDirectories, apiVersion, replacements, findings } = readProjectFile(project);
  const reader = new SourceReader(project, replacements, orgs, added);
  packageDirectories.forEach((directory) => reader.readDirectory(directory));
  const sites = packageDirectories
    .filter(isMemberSite)
    .map((directory) => readMemberSite(project, directory, replacements));
  const memberSite = mapOf([...sites.flatMap((site) => site.components), ...memberSiteParts(reader.components)]);
  const { components, undeployed } = reader;
  return {
    components,
    undeployed,
    memberSite,
    apiVersion,
    findings: [...findings, ...reader.findings, ...sites.flatMap((site) => site.findings), ...replacements.findings()],
  };
}

const isMemberSite = (directory: string): boolean => basename(directory) === MEMBER_SITE_PACKAGE;

/** The components of the other types in the package directory of the member site, such as its permission set. */
const memberSiteParts = (components: ComponentMap): readonly Component[] =>
  [...components.values()].filter(({ root }) => root.origin?.file.split('/').includes(MEMBER_SITE_PACKAGE));

/** The text of files by path relative to the project. */
export type FileTexts = ReadonlyMap<string, string>;

class SourceReader {
  readonly components = new Map<ComponentKey, Component>();
  readonly undeployed = new Map<string, Undeployed>();
  readonly findings: Finding[] = [];
  private readonly project: string;
  private readonly replacements: Replacements;
  /** Package directories can contain each other. */
  private readonly visited = new Set<string>();
  /** The components that org files name. */
  private readonly named: ReadonlySet<string>;
  private readonly added: FileTexts;

  constructor(project: string, replacements: Replacements, orgs: readonly OrgConfig[], added: FileTexts) {
    this.project = project;
    this.replacements = replacements;
    this.named = new Set(orgs.flatMap(({ include, overrides }) => [...include, ...overrides.keys()]));
    this.added = added;
  }

  readDirectory(directory: string): void {
    const folder = join(this.project, directory);
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    const added = [...this.added.keys()]
      .map((file) => join(this.project, file))
      .filter((path) => path.startsWith(join(folder, sep)));
    if (!isFolder && added.length === 0) return void this.findings.push(missingDirectoryFinding(directory));
    const isIgnored = readForceIgnore(folder);
    const { files, links } = isFolder ? listFiles(folder, isSourceFile) : { files: [], links: [] };
    links.forEach((path) => this.reportLink(path));
    [...files, ...added].sort().forEach((path) => this.readFile(path, isIgnored));
  }

  private readFile(path: string, isIgnored: (path: string) => boolean): void {
    const file = relative(this.project, path).split(sep).join('/');
    const name = parseFileName(basename(path));
    if (name === undefined || this.visited.has(file)) return;
    this.visited.add(file);
    if (isIgnored(path)) this.undeployed.set(name.key, { file, reason: 'ignored' });
    else if (name.kind === 'undeployed') this.undeployed.set(name.key, { file, reason: 'type' });
    else if (this.isUnused(name, file)) this.undeployed.set(name.key, { file, reason: 'unused' });
    else if (!name.hasExactCase) this.reportCase(file, name.key, name.type);
    else if (!isDeveloperName(name.fullName)) this.reportName(file, name.key, name.fullName);
    else this.readComponent(path, file, name.type, name.fullName);
  }

  /**
   * Nothing refers to a permission set except an org file. A project can have hundreds that belong to other features, and parsing
   * them takes longer than everything else. The permission set of the member site belongs to it.
   */
  private isUnused({ type, key }: { readonly type: ComponentType; readonly key: string }, file: string): boolean {
    return type === 'PermissionSet' && !this.named.has(key) && !file.split('/').includes(MEMBER_SITE_PACKAGE);
  }

  private contentOf(path: string, file: string): Buffer {
    const text = this.added.get(file);
    return text === undefined ? readFileSync(path) : Buffer.from(text);
  }

  /** The root element after the replacements of sfdx-project.json. */
  private readRoot(path: string, file: string, component: string): Element | undefined {
    const { text, isChanged, findings } = this.replacements.apply(path, this.contentOf(path, file));
    for (const finding of findings) this.findings.push({ ...finding, component, path: '', file });
    const { root, problem } = readXml(text, file);
    if (!problem) return root;
    const state = isChanged ? ' after the replacements of sfdx-project.json' : '';
    const message = `The file isn't well-formed XML${state}: ${problem.message}`;
    const fix = isChanged
      ? 'Fix the XML syntax, or escape the values of the replacements for XML.'
      : 'Fix the XML syntax.';
    this.reportUnreadable({ file, line: problem.line }, component, 'ill-formed-xml', message, fix);
    return undefined;
  }

  private readComponent(path: string, file: string, type: ComponentType, fullName: string): void {
    const key = keyOf({ type, fullName });
    const root = this.readRoot(path, file, key);
    if (root && root.name !== type)
      return this.reportUnreadable(
        { file, line: root.origin?.line ?? 1 },
        key,
        'wrong-root',
        `The root element <${root.name}> doesn't match the type in the file name, ${type}.`,
        `Change the root element to <${type}>, or rename the file.`,
      );
    if (root) this.add({ type, fullName, root }, file);
  }

  private add(component: Component, file: string): void {
    const key = keyOf(component);
    const first = this.components.get(key);
    if (first)
      return this.report(
        { file, line: 1 },
        key,
        'duplicate-component',
        `${key} is also defined in ${first.root.origin?.file ?? ''}.`,
        'Delete one of the two files.',
        isSameContent(first.root, component.root) ? 'note' : 'error',
      );
    this.components.set(key, component);
  }

  private reportName(file: string, key: string, fullName: string): void {
    this.reportUnreadable(
      { file, line: 0 },
      key,
      'bad-name',
      `"${fullName}" isn't a valid developer name.`,
      'Rename the file. Use only letters, digits, and _, and start with a letter.',
    );
  }

  /** The CLI deploys what a link leads to, so a skipped link is reported. A link to a folder above it leads to nothing new. */
  private reportLink(path: string): void {
    const file = relative(this.project, path).split(sep).join('/');
    const name = parseFileName(basename(path));
    const target = statSync(path, { throwIfNoEntry: false });
    const isFolder =
      target?.isDirectory() === true &&
      !join(realpathSync(dirname(path)), sep).startsWith(join(realpathSync(path), sep));
    const isComponent = target?.isFile() === true && name?.kind === 'component';
    if (!isFolder && !isComponent) return;
    this.reportUnreadable({ file, line: 0 }, isComponent ? name.key : '', ...LINK_TEXTS);
  }

  private reportCase(file: string, key: string, type: ComponentType): void {
    const { suffix } = SOURCE_FOLDERS[type];
    this.reportUnreadable(
      { file, line: 0 },
      key,
      'wrong-suffix-case',
      `The suffix of a ${type} file must be "${suffix}" in exactly this case. The CLI ignores the file otherwise.`,
      `Rename the file to end in .${suffix}${SOURCE_SUFFIX}.`,
    );
  }

  /** Reports a component that can't be read. References to it aren't reported in addition. */
  private reportUnreadable(origin: Origin, component: string, rule: string, message: string, fix: string): void {
    if (component !== '') this.undeployed.set(component, { file: origin.file, reason: 'unreadable' });
    this.report(origin, component, rule, message, fix);
  }

  private report(
    origin: Origin,
    component: string,
    rule: string,
    message: string,
    fix: string,
    severity: Severity = 'error',
  ): void {
    this.findings.push({ rule, severity, component, path: '', ...origin, message, fix });
  }
}

/** The finding for a package directory that isn't a folder. */
export const missingDirectoryFinding = (directory: string): Finding => ({
  rule: 'missing-package-directory',
  severity: 'error',
  component: '',
  path: '',
  file: 'sfdx-project.json',
  line: 1,
  message: `The package directory ${directory} isn't a folder.`,
  fix: 'Create the folder, or remove it from packageDirectories.',
});

/** Whether two files have the same content, in any layout. */
const isSameContent = (left: Element, right: Element): boolean =>
  left.name === right.name &&
  left.text.trim() === right.text.trim() &&
  left.children.length === right.children.length &&
  left.children.every((child, index) => {
    const other = right.children[index];
    return other !== undefined && isSameContent(child, other);
  });

/** The component that a file name stands for. */
type ParsedFileName =
  | { readonly kind: 'undeployed'; readonly key: string; readonly fullName: string }
  | {
      readonly kind: 'component';
      readonly key: ComponentKey;
      readonly type: ComponentType;
      readonly fullName: string;
      /** Whether the suffix has the case that the CLI requires. */
      readonly hasExactCase: boolean;
    };

/** The types that this project composes, by the suffix of their files in lower case. */
const TYPES_BY_SUFFIX = new Map(COMPONENT_TYPES.map((type) => [SOURCE_FOLDERS[type].suffix.toLowerCase(), type]));

/** Parses a file name: `Web_Chat.messagingChannel-meta.xml` is a MessagingChannel. Undefined for other files. */
function parseFileName(name: string): ParsedFileName | undefined {
  const [, fullName = '', suffix = '', end = ''] = /^(.*)\.(\w+)(-meta\.xml)$/is.exec(name) ?? [];
  const type = TYPES_BY_SUFFIX.get(suffix.toLowerCase());
  if (type) {
    const hasExactCase = suffix === SOURCE_FOLDERS[type].suffix && end === SOURCE_SUFFIX;
    return { kind: 'component', key: keyOf({ type, fullName }), type, fullName, hasExactCase };
  }
  const referenced = end === SOURCE_SUFFIX && fullName !== '' ? REFERENCED_TYPES.get(suffix) : undefined;
  return referenced === undefined ? undefined : { kind: 'undeployed', key: `${referenced}:${fullName}`, fullName };
}

const isSourceFile = (name: string): boolean => parseFileName(name) !== undefined;
