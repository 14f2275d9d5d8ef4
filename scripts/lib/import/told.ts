import { childrenOf, keyOf, naturalKey, type Component, type Element, type Finding, type Severity } from '../model';
import { elementOf } from '../wsdl';
import type { Fitting } from './fit';
import { enhancedChannels, servingDeployments, wantedChannels, type Taken, type Wish } from './take';

/** What an import leaves behind, org by org: nothing is lost without a word. */
export function toldOf({ taken, refused }: Fitting, wish: Wish): readonly Finding[] {
  const tell = teller(taken);
  const live = [...taken.components.keys()].flatMap((key) => taken.sight.components.get(key) ?? []);
  return [
    ...[...refused]
      .filter(([place]) => matters(place, taken, wish))
      .map(([place, reason]) => {
        const [component = '', path = ''] = place.split(/ (.*)/s);
        const message = `${reason.message} So the source does not state it; it stays in the org as it is.`;
        return tell('warning', reason.rule, component, path, message, reason.fix);
      }),
    ...live.flatMap((component) => twice(component, tell)),
    ...live.flatMap((component) => unstated(component, taken.components.get(keyOf(component)), tell)),
    ...leftAlone(taken, wish, tell),
  ];
}

type Tell = (
  severity: Severity,
  rule: string,
  component: string,
  path: string,
  message: string,
  fix: string,
) => Finding;

const teller =
  ({ sight: { alias } }: Taken): Tell =>
  (severity, rule, component, path, message, fix) => ({
    ...{ rule, severity, component, path, file: `config/orgs/${alias}.json`, line: 0 },
    message: `In the org ${alias}: ${message}`,
    fix,
  });

/** Whether what is refused would have been taken. */
function matters(place: string, { components, existing, sight }: Taken, wish: Wish): boolean {
  const [key = '', path] = place.split(/ (.*)/s);
  if (path !== undefined) return [...components.keys()].some((each) => each === key);
  const channels = wantedChannels(sight, wish);
  const serving = servingDeployments(sight.components, channels).map(keyOf);
  const named = existing.some((each) => each.toLowerCase() === key.toLowerCase());
  return (
    named ||
    key.startsWith('Cors') ||
    [...channels.map((name) => `MessagingChannel:${name}`), ...serving].some((each) => each === key)
  );
}

/** Of two items with one key, a source can state one. */
function twice(component: Component, tell: Tell): readonly Finding[] {
  const items = itemsOf(component.root);
  const again = items.filter((item, index) => items.findIndex((each) => naturalKey(each) === naturalKey(item)) < index);
  return again.map((item) => {
    const message = `${naturalKey(item)} is in the list twice; the source states the first.`;
    return tell('warning', 'repeated-key', keyOf(component), item.name, message, 'Remove one of them in Setup.');
  });
}

const itemsOf = (root: Element): readonly Element[] => [
  ...childrenOf(root, 'publicKeyCertificateSetKeys'),
  ...childrenOf(root, 'embeddedConfig').flatMap((config) => childrenOf(config, 'messagingAuthorizations')),
];

/** Elements that stay the org's own, by name. */
function unstated(live: Component, stated: Component | undefined, tell: Tell): readonly Finding[] {
  const names = stated ? missingNames(live.root, stated.root, '') : [];
  const unknown = live.root.children.map(({ name }) => name).filter((name) => !elementOf(live.type, name));
  const known = names.filter((name) => !unknown.includes(name));
  return [
    ...one(known, (list) =>
      tell('info', 'not-stated', keyOf(live), '', `${list} stay the org's own; the source does not state them.`, STATE),
    ),
    ...one([...new Set(unknown)], (list) =>
      tell(
        'info',
        'unknown-element',
        keyOf(live),
        '',
        `${list}: no known API version has these; they stay as they are.`,
        STATE,
      ),
    ),
  ];
}

const STATE = 'Nothing has to be done; what the source should own is added to its file by hand.';

const one = (names: readonly string[], tell: (list: string) => Finding): readonly Finding[] =>
  names.length === 0 ? [] : [tell(names.join(', '))];

const missingNames = (live: Element, stated: Element, path: string): readonly string[] =>
  [...new Set(live.children.map(({ name }) => name))].flatMap((name) => {
    const [one, other] = [childrenOf(live, name), childrenOf(stated, name)];
    const [first, second] = [one[0], other[0]];
    if (first && second && one.length === 1 && other.length === 1)
      return missingNames(first, second, `${path}${name}.`);
    return other.length === 0 && one.some(holds) ? [`${path}${name}`] : [];
  });

const holds = ({ text, children }: Element): boolean => text.trim() !== '' || children.length > 0;

/** Channels and deployments that nobody asked for. */
function leftAlone({ sight, channels }: Taken, wish: Wish, tell: Tell): readonly Finding[] {
  const wanted = new Set(wantedChannels(sight, wish));
  const others = enhancedChannels(sight.components)
    .map(({ fullName }) => fullName)
    .filter((name) => !wanted.has(name));
  const web = wish.webDeployments
    ? []
    : servingDeployments(sight.components, channels)
        .filter(({ root }) => typeOf(root) === 'Web')
        .map(({ fullName }) => fullName);
  return [
    ...one(others, (list) =>
      tell(
        'info',
        'channel-not-taken',
        '',
        '',
        `The channels ${list} are not taken.`,
        'To take one, name it with --channel.',
      ),
    ),
    ...one(web, (list) =>
      tell(
        'info',
        'web-deployment-not-taken',
        '',
        '',
        `${list}: deployments of type Web are made in Setup only, and a source with one cannot be deployed into another org.`,
        'Publish them in Setup after a deploy; or take them with --web-deployments.',
      ),
    ),
  ];
}

const typeOf = (root: Element): string => childrenOf(root, 'deploymentType')[0]?.text.trim() ?? '';
