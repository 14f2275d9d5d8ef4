import {
  groupBy,
  isDisruptive,
  parseKey,
  RESTORED_TRUST_CHECK,
  TRUST_CHECK,
  type Change,
  type Check,
  type OrgResult,
  type OrgStatus,
} from '../model';
import { formatError } from './errors';
import { formatValue } from './labels';
import { pluralize, escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

export const STATUS_STYLES: Readonly<Record<OrgStatus, Style>> = {
  unchanged: 'green',
  changed: 'green',
  planned: 'cyan',
  skipped: 'yellow',
  unknown: 'magenta',
  failed: 'red',
  unreachable: 'red',
};

/** The mark of a change. It means the action; the impact is a tag. */
type Mark = '+' | '~' | '-';

const MARK_STYLES: Readonly<Record<Mark, Style>> = { '+': 'green', '~': 'yellow', '-': 'red' };
const IMPACT_STYLES: Readonly<Record<Change['impact'], Style>> = { none: 'dim', visible: 'yellow', disruptive: 'red' };

/** A component or a setting that is absent before is added; one that is absent after is deleted. */
function markOf({ action, path, from, to }: Change): Mark {
  if (action === 'create' || (path !== '' && from === null)) return '+';
  return action === 'delete' || (path !== '' && to === null) ? '-' : '~';
}

/** Each org with its changes, old -> new, their impact on customers, and its error. */
export const orgResultsText = (layout: TextLayout, orgs: readonly OrgResult[]): string =>
  orgs.map((org) => orgResultText(layout, org, org.changes)).join('\n\n');

/** The visible and disruptive changes of each org, and the number of the others. Orgs without changes are left out. */
export const impactText = (layout: TextLayout, orgs: readonly OrgResult[]): string =>
  orgs
    .filter(({ changes }) => changes.length > 0)
    .map((org) => {
      const shown = org.changes.filter(({ impact }) => impact !== 'none');
      return [orgResultText(layout, org, shown), ...hiddenChanges(org.changes.length - shown.length, shown)].join('\n');
    })
    .join('\n\n');

const hiddenChanges = (number: number, shown: readonly Change[]): readonly string[] =>
  number > 0
    ? [`  ${number}${shown.length > 0 ? ' more' : ''} ${number === 1 ? 'change' : 'changes'} with no customer impact.`]
    : [];

function orgResultText(layout: TextLayout, org: OrgResult, shown: readonly Change[]): string {
  const components = groupBy(shown, ({ component }) => component);
  const wholeChanges = groupBy(
    org.changes.filter(({ path }) => path === ''),
    ({ component }) => component,
  );
  return [
    orgHeader(layout, org),
    ...undeclaredTrustLines(layout, org),
    ...(components.size > 0 ? [''] : []),
    ...[...components].map(([component, changes]) =>
      componentText(layout, { component, mark: componentMark(wholeChanges.get(component)?.[0]) }, changes),
    ),
    ...(org.error ? [formatError(layout, org.error, '  ')] : org.checks.flatMap((check) => checkLine(layout, check))),
  ].join('\n');
}

function orgHeader(layout: TextLayout, { alias, orgId, kind, wave, status, changes }: OrgResult): string {
  const name = styled(layout, 'bold', escapeControls(alias));
  const result = status === 'planned' ? pluralize(changes.length, 'change') : status;
  return `${name} (${kind}, wave ${wave}, ${escapeControls(orgId)}): ${styled(layout, STATUS_STYLES[status], result)}`;
}

/** What the org trusts although its desired state doesn't declare it: the first thing to know about an org. */
const undeclaredTrustLines = (layout: TextLayout, { checks }: OrgResult): readonly string[] =>
  checks
    .filter(({ name, ok, part }) => name === TRUST_CHECK && !ok && part === undefined)
    .map(({ detail }) => wrap(layout, '    ', escapeControls(`Undeclared trust: ${detail}`), '  '));

/** The undeclared trust of each org, for commands that don't print the changes. Empty if there is none. */
export const undeclaredTrustText = (layout: TextLayout, orgs: readonly OrgResult[]): string =>
  orgs
    .flatMap((org) => undeclaredTrustLines(layout, org).map((line) => `${orgHeader(layout, org)}\n${line}`))
    .join('\n\n');

function checkLine(layout: TextLayout, { name, ok, detail }: Check): readonly string[] {
  if (name === TRUST_CHECK) return [];
  if (name === RESTORED_TRUST_CHECK) return [wrap(layout, '  ', escapeControls(detail))];
  if (!ok) return [wrap(layout, '  ', escapeControls(`Check "${name}" failed: ${detail}`))];
  return name === 'to publish' ? [wrap(layout, '  ', escapeControls(publishSentence(detail)))] : [];
}

const publishSentence = (names: string): string =>
  `Publishes ${names.includes(',') ? 'chat deployments' : 'chat deployment'} ${names}. ${PUBLISH_DELAY}`;

/** Source: the publish dialog of Embedded Service Deployments in Setup. */
export const PUBLISH_DELAY = 'Sites and apps can take up to 10 minutes to update.';

/** The mark of a component: the mark of its own change, even if that isn't shown, else `~`. */
const componentMark = (whole: Change | undefined): Mark => (whole ? markOf(whole) : '~');

function componentText(
  layout: TextLayout,
  { component, mark }: { readonly component: string; readonly mark: Mark },
  changes: readonly Change[],
): string {
  const whole = changes.find(({ path }) => path === '');
  const settings = changes.filter(({ path }) => path !== '');
  const title = `${styled(layout, 'bold', escapeControls(component))}${whole ? impactTag(layout, whole) : ''}`;
  return [
    wrap(layout, '    ', title, `  ${styled(layout, MARK_STYLES[mark], mark)} `),
    ...(whole ? effectText(layout, '      ', whole) : []),
    ...settings.map((change) => settingText(layout, change)),
  ].join('\n');
}

function settingText(layout: TextLayout, change: Change): string {
  const mark = markOf(change);
  const values =
    mark === '-' ? `${safeValue(change.from)} is deleted` : `${safeValue(change.from)} -> ${safeValue(change.to)}`;
  const title = mark === '-' ? removedKey(change) : undefined;
  const text = `${escapeControls(title ?? `${change.path}: ${values}`)}${impactTag(layout, change)}`;
  return [
    wrap(layout, '          ', text, `      ${styled(layout, MARK_STYLES[mark], mark)} `),
    ...effectText(layout, '          ', change),
  ].join('\n');
}

/** `PublicKeyCertificate:Rogue from Customer_Identity` for a key that leaves a keyset. */
function removedKey({ component, path }: Change): string | undefined {
  const [, key] = /^publicKeyCertificateSetKeys\[(.*?)\]/.exec(path) ?? [];
  return key === undefined ? undefined : `PublicKeyCertificate:${key} from ${parseKey(component).fullName}`;
}

const safeValue = (text: string | null): string => escapeControls(formatValue(text));

const impactTag = (layout: TextLayout, { impact }: Change): string =>
  impact === 'none' ? '' : ` ${styled(layout, IMPACT_STYLES[impact], `[${impact}]`)}`;

const effectText = (layout: TextLayout, indent: string, { effect }: Change): readonly string[] =>
  effect === '' ? [] : [wrap(layout, indent, escapeControls(effect))];

/** Explains the marks and tags of changes. */
export const legendText = (layout: TextLayout): string =>
  ['+ add   ~ change   - delete', '[visible] customers may notice   [disruptive] interrupts chats'].join(
    layout.columns < 95 ? '\n' : '      ',
  );

/** The total of a plan in one sentence, as Terraform and decK print it. Counts changes by their marks. */
export function planSummary(orgs: readonly OrgResult[]): string {
  const failures = orgs.filter(({ status }) => status === 'failed' || status === 'unreachable').length;
  const rest = failures > 0 ? ` ${pluralize(failures, 'org')} couldn't be planned.` : '';
  const changes = orgs.flatMap((org) => org.changes);
  if (failures > 0 && failures === orgs.length) return `Plan:${rest}`;
  if (changes.length === 0) return `Plan: no changes.${unchangedSentence(orgs)}${rest}`;
  const [added, changed, deleted] = (['+', '~', '-'] as const).map(
    (mark) => changes.filter((change) => markOf(change) === mark).length,
  );
  const orgCount = pluralize(orgs.filter((org) => org.changes.length > 0).length, 'org');
  return `Plan: ${added} to add, ${changed} to change, ${deleted} to delete in ${orgCount}${impactCounts(changes)}. Nothing was changed.${rest}`;
}

function unchangedSentence(orgs: readonly OrgResult[]): string {
  const unchanged = orgs.filter(({ status }) => status === 'unchanged').length;
  if (unchanged === 0) return '';
  return ` ${pluralize(unchanged, 'org')} ${unchanged === 1 ? 'is' : 'are'} in sync.`;
}

/** ` (1 disruptive, 2 visible)`; empty if no change has an impact. */
function impactCounts(changes: readonly Change[]): string {
  const disruptive = changes.filter(isDisruptive).length;
  const visible = changes.filter(({ impact }) => impact === 'visible').length;
  const counts = [
    ...(disruptive > 0 ? [`${disruptive} disruptive`] : []),
    ...(visible > 0 ? [`${visible} visible`] : []),
  ];
  return counts.length > 0 ? ` (${counts.join(', ')})` : '';
}
