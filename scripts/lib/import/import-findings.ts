import {
  childrenOf,
  keyOf,
  naturalKey,
  type Component,
  type Element,
  type Finding,
  type Plan,
  type Severity,
} from '../model';
import { elementOf } from '../metadata';
import type { ImportResolution } from './resolve';
import {
  enhancedChannels,
  servingChatDeployments,
  selectedChannels,
  type ImportSelection,
  type ImportOptions,
} from './select';

/** Findings for everything in the org that isn't imported. */
export function importFindings({ selection, rejected }: ImportResolution, options: ImportOptions): readonly Finding[] {
  const makeFinding = findingFactory(selection);
  const live = [...selection.components.keys()].flatMap((key) => selection.contents.components.get(key) ?? []);
  return [
    ...[...rejected]
      .filter(([place]) => wasRequested(place, selection, options))
      .map(([place, reason]) => {
        const [component = '', path = ''] = place.split(/ (.*)/s);
        const message = `${reason.message} It isn't imported and stays unchanged in the org.`;
        return makeFinding('warning', reason.rule, component, path, message, reason.fix);
      }),
    ...live.flatMap((component) => duplicateItems(component, makeFinding)),
    ...live.flatMap((component) =>
      undeclaredElements(component, selection.components.get(keyOf(component)), makeFinding),
    ),
    ...notImportedFindings(selection, options, makeFinding),
  ];
}

/** The trust of an org that the import neither declares nor accepts, so that the next deploy revokes it. */
export const undeclaredTrustFindings = ({ org, undeclaredTrust }: Pick<Plan, 'org' | 'undeclaredTrust'>) =>
  undeclaredTrust.length === 0
    ? []
    : [
        {
          rule: 'undeclared-trust',
          severity: 'warning',
          component: '',
          path: '',
          file: org.file,
          line: 0,
          message: `In the org ${org.alias}: ${undeclaredTrust.map(({ consequence }) => consequence).join(' ')} The import doesn't declare this trust, so the next deploy revokes it.`,
          fix: 'Declare it in source to keep it.',
        } satisfies Finding,
      ];

type MakeFinding = (
  severity: Severity,
  rule: string,
  component: string,
  path: string,
  message: string,
  fix: string,
) => Finding;

const findingFactory =
  ({ contents: { alias } }: ImportSelection): MakeFinding =>
  (severity, rule, component, path, message, fix) => ({
    rule,
    severity,
    component,
    path,
    file: `config/orgs/${alias}.json`,
    line: 0,
    message: `In the org ${alias}: ${message}`,
    fix,
  });

/** Whether a component, or a part of one, that is rejected was requested. */
function wasRequested(
  itemKey: string,
  { components, existing, contents }: ImportSelection,
  options: ImportOptions,
): boolean {
  const [key = ''] = itemKey.split(' ');
  const channels = selectedChannels(contents, options);
  const serving = servingChatDeployments(contents.components, channels).map(keyOf);
  const requested = [...components.keys(), ...channels.map((name) => `MessagingChannel:${name}`), ...serving];
  const named = existing.some((each) => each.toLowerCase() === key.toLowerCase());
  return named || key.startsWith('Cors') || requested.some((each) => each === key);
}

/** Items with the same key. Source can declare only one of them. */
function duplicateItems(component: Component, makeFinding: MakeFinding): readonly Finding[] {
  const items = itemsOf(component.root);
  const duplicates = items.filter(
    (item, index) => items.findIndex((each) => naturalKey(each) === naturalKey(item)) < index,
  );
  return duplicates.map((item) => {
    const message = `${naturalKey(item)} is in the list twice. Only the first item is imported.`;
    return makeFinding(
      'warning',
      'duplicate-list-item',
      keyOf(component),
      item.name,
      message,
      'Remove one of them in Setup.',
    );
  });
}

const itemsOf = (root: Element): readonly Element[] => [
  ...childrenOf(root, 'publicKeyCertificateSetKeys'),
  ...childrenOf(root, 'embeddedConfig').flatMap((config) => childrenOf(config, 'messagingAuthorizations')),
];

/** The names of elements that stay unmanaged. */
function undeclaredElements(
  live: Component,
  declared: Component | undefined,
  makeFinding: MakeFinding,
): readonly Finding[] {
  const names = declared ? missingNames(live.root, declared.root, '') : [];
  const unknown = live.root.children.map(({ name }) => name).filter((name) => !elementOf(live.type, name));
  const known = names.filter((name) => !unknown.includes(name));
  return [
    ...findingForNames(known, (list) =>
      makeFinding(
        'note',
        'not-declared',
        keyOf(live),
        '',
        `Not imported, and unmanaged in the org: ${list}.`,
        NO_ACTION,
      ),
    ),
    ...findingForNames([...new Set(unknown)], (list) =>
      makeFinding(
        'note',
        'unknown-element',
        keyOf(live),
        '',
        `Unknown in every API version, and unchanged in the org: ${list}.`,
        NO_ACTION,
      ),
    ),
  ];
}

const NO_ACTION = 'No action. To manage an element, add it to the source file.';

const findingForNames = (names: readonly string[], makeFinding: (list: string) => Finding): readonly Finding[] =>
  names.length === 0 ? [] : [makeFinding(names.join(', '))];

const missingNames = (live: Element, declared: Element, path: string): readonly string[] =>
  [...new Set(live.children.map(({ name }) => name))].flatMap((name) => {
    const [one, other] = [childrenOf(live, name), childrenOf(declared, name)];
    const [first, second] = [one[0], other[0]];
    if (first && second && one.length === 1 && other.length === 1)
      return missingNames(first, second, `${path}${name}.`);
    return other.length === 0 && one.some(hasContent) ? [`${path}${name}`] : [];
  });

const hasContent = ({ text, children }: Element): boolean => text.trim() !== '' || children.length > 0;

/** Channels that weren't requested. */
function notImportedFindings(
  { contents }: ImportSelection,
  options: ImportOptions,
  makeFinding: MakeFinding,
): readonly Finding[] {
  const wanted = new Set(selectedChannels(contents, options));
  const others = enhancedChannels(contents.components)
    .map(({ fullName }) => fullName)
    .filter((name) => !wanted.has(name));
  return [
    ...findingForNames(others, (list) =>
      makeFinding(
        'note',
        'channel-not-imported',
        '',
        '',
        `Channels that are not imported: ${list}.`,
        'To import a channel, name it with --channel.',
      ),
    ),
  ];
}
