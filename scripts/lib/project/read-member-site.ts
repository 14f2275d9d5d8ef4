import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { readForceIgnore } from './force-ignore';
import { LINK_TEXTS, listFiles } from './list-files';
import type { Replacements } from './replacements';
import { componentName, hasContentFiles, readXml, splitParts, withContents, type ContentFile } from '../metadata';
import type { Component, ComponentType, Finding } from '../model';

/** The components of a member site that other package directories don't contain, and findings about their files. */
export interface MemberSiteSource {
  readonly components: readonly Component[];
  readonly findings: readonly Finding[];
}

/** The metadata files of each type: the end of their names, and the root element. */
const META_FILES: readonly (readonly [suffix: string, type: ComponentType, root: string])[] = [
  ['.labels-meta.xml', 'CustomLabel', 'CustomLabels'],
  ['.object-meta.xml', 'CustomObject', 'CustomObject'],
  ['.field-meta.xml', 'CustomField', 'CustomField'],
  ['.layout-meta.xml', 'Layout', 'Layout'],
  ['.md-meta.xml', 'CustomMetadata', 'CustomMetadata'],
  ['.resource-meta.xml', 'StaticResource', 'StaticResource'],
  ['.cls-meta.xml', 'ApexClass', 'ApexClass'],
  ['.js-meta.xml', 'LightningComponentBundle', 'LightningComponentBundle'],
];

/**
 * Reads the Apex classes, components, static resources, labels, custom metadata types, layouts, and records of a package
 * directory in source format (Salesforce DX Developer Guide, "Salesforce DX Project Structure and Source Format").
 */
export function readMemberSite(project: string, directory: string, replacements: Replacements): MemberSiteSource {
  const folder = join(project, directory);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return { components: [], findings: [] };
  const isIgnored = readForceIgnore(folder);
  const { files, links } = listFiles(folder);
  const paths = files.filter((path) => !isIgnored(path));
  const linkedParts = links.filter((path) => !isIgnored(path) && META_FILES.some(([end]) => isPartOf(path, end)));
  const reader = new MemberSiteReader(project, paths, replacements);
  const results = paths.map((path) => reader.readMetaFile(path));
  return {
    components: results.flatMap(({ components }) => components),
    findings: [
      ...linkedParts.flatMap((path) => invalid(reader.fileName(path), 0, ...LINK_TEXTS).findings),
      ...reader.findings,
      ...results.flatMap(({ findings }) => findings),
    ],
  };
}

/** Whether a file is the metadata file of a type, or its content: `Token.cls-meta.xml` and `Token.cls`. */
const isPartOf = (path: string, suffix: string): boolean =>
  path.endsWith(suffix) || path.endsWith(suffix.slice(0, -META.length));

class MemberSiteReader {
  /** Findings of replacements. */
  readonly findings: Finding[] = [];
  private readonly project: string;
  private readonly paths: readonly string[];
  private readonly replacements: Replacements;

  constructor(project: string, paths: readonly string[], replacements: Replacements) {
    this.project = project;
    this.paths = paths;
    this.replacements = replacements;
  }

  /** The component of a metadata file; nothing for another file. */
  readMetaFile(path: string): MemberSiteSource {
    const [suffix, type, rootName] = META_FILES.find(([end]) => path.endsWith(end)) ?? [];
    if (!suffix || !type) return { components: [], findings: [] };
    const file = this.fileName(path);
    const { root, problem } = readXml(this.read(path).toString('utf8'), file);
    if (problem)
      return invalid(
        file,
        problem.line,
        'ill-formed-xml',
        `The file isn't well-formed XML: ${problem.message}`,
        'Fix the XML syntax.',
      );
    if (root.name !== rootName)
      return invalid(
        file,
        root.origin?.line ?? 1,
        'wrong-root',
        `The root element <${root.name}> doesn't match the type in the file name, ${String(rootName)}.`,
        `Change the root element to <${String(rootName)}>, or rename the file.`,
      );
    const component = { type, fullName: fullNameOf(type, path, suffix), root };
    return hasContentFiles(type)
      ? this.addContents(component, path)
      : { components: splitParts(component), findings: [] };
  }

  private addContents(component: Component, path: string): MemberSiteSource {
    const contents = this.contentFiles(component.type, path);
    if (contents.length > 0) return { components: [withContents(component, contents)], findings: [] };
    const message = `${component.type}:${component.fullName} has no content, only a metadata file.`;
    const fix = 'Add the file with the content next to it, or delete the metadata file.';
    return invalid(this.fileName(path), 1, 'missing-content', message, fix);
  }

  private contentFiles(type: ComponentType, path: string): readonly ContentFile[] {
    const folder = dirname(path);
    if (type === 'ApexClass')
      return this.paths.filter((each) => each + META === path).map((each) => this.contentFile(each));
    if (type === 'LightningComponentBundle')
      return this.paths
        .filter((each) => each.startsWith(folder + sep) && isBundleFile(each, path))
        .map((each) => this.contentFile(each, relative(folder, each).split(sep).join('/')));
    const name = basename(path).slice(0, -'.resource-meta.xml'.length);
    return this.paths
      .filter((each) => dirname(each) === folder && !each.endsWith(META) && withoutSuffix(each) === name)
      .map((each) => this.contentFile(each, `${name}.resource`));
  }

  private contentFile(path: string, name = basename(path)): ContentFile {
    return { path: name, bytes: this.read(path), origin: { file: this.fileName(path), line: 1 } };
  }

  /** The content of a file after the replacements of sfdx-project.json. */
  private read(path: string): Buffer {
    const bytes = readFileSync(path);
    const { text, isChanged, findings } = this.replacements.apply(path, bytes);
    for (const finding of findings)
      this.findings.push({ ...finding, component: '', path: '', file: this.fileName(path) });
    return isChanged ? Buffer.from(text) : bytes;
  }

  readonly fileName = (path: string): string => relative(this.project, path).split(sep).join('/');
}

function invalid(file: string, line: number, rule: string, message: string, fix: string): MemberSiteSource {
  return { components: [], findings: [{ rule, severity: 'error', component: '', path: '', file, line, message, fix }] };
}

const withoutSuffix = (path: string): string => basename(path).replace(/\.[^.]*$/, '');

/** The name of a field starts with its object, which is a folder. */
function fullNameOf(type: ComponentType, path: string, suffix: string): string {
  const name = componentName(type, basename(path).slice(0, -suffix.length));
  return type === 'CustomField' ? `${basename(dirname(dirname(path)))}.${name}` : name;
}

const META = '-meta.xml';

/** Files of editors and linters aren't part of a bundle. The default .forceignore of a project lists the same ones. */
const isBundleFile = (path: string, metaFile: string): boolean =>
  path !== metaFile && !basename(path).startsWith('.') && basename(path) !== 'jsconfig.json';
