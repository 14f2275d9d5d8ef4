import {
  groupBy,
  isDisruptive,
  RESTORED_TRUST_CHECK,
  TRUST_CHECK,
  type Change,
  type Check,
  type OrgResult,
  type OrgStatus,
} from '../model';
import { changeSections, orgNames, type ChangeSection } from './change-sections';
import { componentText } from './change-text';
import { formatError, groupErrors } from './errors';
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

/** How much of the changes is printed. */
export interface ChangesShown {
  /** Whether each org is printed with all its changes. Default: changes that orgs share are printed once. */
  readonly full?: boolean | undefined;
  /** Whether changes without an impact on customers are only counted. */
  readonly impactOnly?: boolean;
}

/**
 * Orgs with their changes, old -> new, their impact on customers, and their errors. Several orgs are listed first, then what
 * they share is printed once, with the names of the orgs it applies to.
 */
export function orgResultsText(
  layout: TextLayout,
  orgs: readonly OrgResult[],
  { full = false, impactOnly = false }: ChangesShown = {},
): string {
  const groups = full || orgs.length < 2 ? orgs.map((org) => [org]) : [orgs];
  return groups.map((group) => groupText(layout, group, impactOnly)).join('\n\n');
}

/** The visible and disruptive changes of each org, and the number of the others. Orgs without changes are left out. */
export const impactText = (layout: TextLayout, orgs: readonly OrgResult[], full = false): string =>
  orgResultsText(
    layout,
    orgs.filter(({ changes }) => changes.length > 0),
    { full, impactOnly: true },
  );

function groupText(layout: TextLayout, orgs: readonly OrgResult[], impactOnly: boolean): string {
  const isShown = ({ impact }: Change): boolean => !impactOnly || impact !== 'none';
  const checks = textsOfOrgs(layout, orgs, checkTexts);
  return [
    ...orgs.map((org) => orgHeader(layout, org)),
    ...textsOfOrgs(layout, orgs, trustTexts),
    ...changeSections(orgs, isShown).flatMap((section) => ['', sectionText(layout, section, orgs)]),
    ...(impactOnly ? hiddenChanges(orgs, isShown) : []),
    ...(orgs.length > 1 && checks.length > 0 ? ['', ...checks] : checks),
    ...errorTexts(layout, orgs),
  ].join('\n');
}

/** The changes that some orgs share. One org needs no title. */
function sectionText(layout: TextLayout, section: ChangeSection, orgs: readonly OrgResult[]): string {
  const components = section.components.map((component) => componentText(layout, component)).join('\n');
  if (orgs.length === 1) return components;
  const title = wrap(layout, '', escapeControls(`${orgNames(section.orgs, orgs)}:`));
  return `${styled(layout, 'bold', title)}\n${components}`;
}

const errorTexts = (layout: TextLayout, orgs: readonly OrgResult[]): readonly string[] =>
  orgs.length === 1
    ? orgs.flatMap(({ error }) => (error ? [formatError(layout, error, '  ')] : []))
    : groupErrors(orgs).map((error) => `\n${formatError(layout, error)}`);

function hiddenChanges(orgs: readonly OrgResult[], isShown: (change: Change) => boolean): readonly string[] {
  const changes = orgs.flatMap((org) => org.changes);
  const hidden = changes.filter((change) => !isShown(change)).length;
  if (hidden === 0) return [];
  return [
    `  ${hidden}${hidden < changes.length ? ' more' : ''} ${hidden === 1 ? 'change' : 'changes'} with no customer impact.`,
  ];
}

function orgHeader(layout: TextLayout, { alias, orgId, kind, wave, status, changes }: OrgResult): string {
  const name = styled(layout, 'bold', escapeControls(alias));
  const disruptive = changes.filter(isDisruptive).length;
  const total = `${pluralize(changes.length, 'change')}${disruptive > 0 ? `, ${disruptive} disruptive` : ''}`;
  const result = status === 'planned' ? total : status;
  // An org that `import` couldn't read has no known ID, kind, or wave.
  const facts = orgId === '' ? '' : ` (${kind}, wave ${wave}, ${escapeControls(orgId)})`;
  return `${name}${facts}: ${styled(layout, STATUS_STYLES[status], result)}`;
}

/** The trust in the org that its desired state doesn't declare. It comes first, because it matters most. */
const trustTexts = ({ checks }: OrgResult): readonly string[] =>
  checks
    .filter(({ name, ok, part }) => name === TRUST_CHECK && !ok && part === undefined)
    .map(({ detail }) => `Undeclared trust: ${detail}`);

/** The undeclared trust of each org, for commands that don't print the changes. Empty if there is none. */
export function undeclaredTrustText(layout: TextLayout, orgs: readonly OrgResult[]): string {
  const trusting = orgs.filter((org) => trustTexts(org).length > 0);
  return [...trusting.map((org) => orgHeader(layout, org)), ...textsOfOrgs(layout, trusting, trustTexts)].join('\n');
}

/** The results of the checks of a plan: failed checks, and the chat deployments that the deploy publishes. */
const checkTexts = ({ checks, error }: OrgResult): readonly string[] => (error ? [] : checks.flatMap(checkText));

function checkText({ name, ok, detail }: Check): readonly string[] {
  if (name === TRUST_CHECK) return [];
  if (name === RESTORED_TRUST_CHECK) return [detail];
  if (!ok) return [`Check "${name}" failed: ${detail}`];
  return name === 'to publish' ? [publishSentence(detail)] : [];
}

const publishSentence = (names: string): string =>
  `Publishes ${names.includes(',') ? 'chat deployments' : 'chat deployment'} ${names}. ${PUBLISH_DELAY}`;

/** Source: the publish dialog of Embedded Service Deployments in Setup. */
export const PUBLISH_DELAY = 'Sites and apps can take up to 10 minutes to update.';

/** Each text once, with the orgs it applies to. */
function textsOfOrgs(
  layout: TextLayout,
  orgs: readonly OrgResult[],
  textsOf: (org: OrgResult) => readonly string[],
): readonly string[] {
  const texts = groupBy(
    orgs.flatMap((org) => textsOf(org).map((text) => ({ org, text }))),
    ({ text }) => text,
  );
  return [...texts].map(([text, owners]) => {
    const names =
      orgs.length === 1
        ? ''
        : `${orgNames(
            owners.map(({ org }) => org),
            orgs,
          )}: `;
    return wrap(layout, '    ', escapeControls(`${names}${text}`), '  ');
  });
}
