import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type ApexClass, parseApexClass } from './apex-class';
import { type Bundle, type Import, readBundle } from './bundle';
import { customMetadataProblems } from './custom-metadata-check';
import type { Problem } from './problem';
import { listFiles } from './list-files';
import { readXml, type XmlElement } from './xml';

/**
 * Targets of components in Experience Builder and Lightning App Builder (Component Reference, "XML configuration file
 * elements").
 */
const TARGETS = new Set([
  'lightning__AppPage',
  'lightning__FlowScreen',
  'lightning__HomePage',
  'lightning__RecordAction',
  'lightning__RecordPage',
  'lightning__Tab',
  'lightning__UtilityBar',
  'lightningCommunity__Default',
  'lightningCommunity__Page',
  'lightningCommunity__Page_Layout',
  'lightningCommunity__Theme_Layout',
]);

interface ProjectSymbols {
  readonly classes: ReadonlyMap<string, ApexClass>;
  readonly labels: ReadonlySet<string>;
}

/**
 * Checks the references between components, Apex, labels, permission sets, and custom metadata. No other test finds a
 * missing Apex method, because Jest mocks the import with a promise that resolves to undefined.
 */
export async function crossCheckProblems(folder: string): Promise<Problem[]> {
  const files = listFiles(folder, '.cls');
  const classes = new Map(await Promise.all(files.map(async (file) => [file, await parseApexClass(file)] as const)));
  const known: ProjectSymbols = {
    classes: new Map([...classes].map(([file, apex]) => [basename(file, '.cls'), apex])),
    labels: new Set(listFiles(folder, '.labels-meta.xml').flatMap((file) => textsOf(file, 'labels', 'fullName'))),
  };
  return [
    ...listFiles(folder, '.js-meta.xml')
      .map(readBundle)
      .flatMap((bundle) => bundleProblems(bundle, known)),
    ...[...classes].flatMap(([file, apex]) => labelProblems(file, apex, known)),
    ...listFiles(folder, '.permissionset-meta.xml').flatMap((file) => accessProblems(file, known)),
    ...customMetadataProblems(folder),
  ];
}

const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name);

const elementsIn = (file: string, list: string, name: string): XmlElement[] =>
  childrenOf(readXml(readFileSync(file, 'utf8')), list).flatMap((element) => childrenOf(element, name));

const textsOf = (file: string, list: string, name: string): string[] =>
  elementsIn(file, list, name).map(({ text }) => text);

function bundleProblems(bundle: Bundle, known: ProjectSymbols): Problem[] {
  const imports = bundle.imports.flatMap((entry) => {
    const message = importProblem(entry, known);
    return message ? [{ file: entry.file, line: entry.line, message }] : [];
  });
  return [...imports, ...[...designProblems(bundle)].map((found) => ({ file: bundle.configFile, ...found }))];
}

function importProblem({ from }: Import, { classes, labels }: ProjectSymbols): string | undefined {
  const [scope, kind, name = ''] = from.split('/');
  const [owner = '', member = ''] = name.split('.');
  if (scope !== '@salesforce') return undefined;
  if (kind === 'apex' && !classes.get(owner)?.auraEnabled.has(member)) {
    return `${name} is no static @AuraEnabled method of a class in this project`;
  }
  return kind === 'label' && owner === 'c' && !labels.has(member) ? `there is no custom label ${member}` : undefined;
}

function* designProblems({ config, api }: Bundle): Iterable<Omit<Problem, 'file'>> {
  const targets = childrenOf(config, 'targets').flatMap((element) => childrenOf(element, 'target'));
  const named = new Set(targets.map(({ text }) => text));
  for (const { text, line } of targets) {
    if (!TARGETS.has(text)) yield { line, message: `there is no target ${text}` };
  }
  for (const target of childrenOf(config, 'targetConfigs').flatMap(({ children }) => children)) {
    for (const name of (target.attributes['targets'] ?? '').split(',')) {
      if (!named.has(name.trim())) yield { line: target.line, message: `${name} is not among the targets` };
    }
    for (const { attributes, line } of childrenOf(target, 'property')) {
      if (!api.has(attributes['name'] ?? ''))
        yield { line, message: `the component has no @api ${attributes['name']}` };
    }
  }
}

const labelProblems = (file: string, apex: ApexClass, { labels }: ProjectSymbols): Problem[] =>
  apex.labels
    .filter(({ name }) => !labels.has(name))
    .map(({ name, line }) => ({ file, line, message: `there is no custom label ${name}` }));

const accessProblems = (file: string, { classes }: ProjectSymbols): Problem[] =>
  elementsIn(file, 'classAccesses', 'apexClass')
    .filter(({ text }) => !classes.has(text))
    .map(({ text, line }) => ({ file, line, message: `there is no class ${text} to give access to` }));
