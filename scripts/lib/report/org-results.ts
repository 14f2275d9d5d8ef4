import { isDisruptive, type Change, type ErrorDetails, type OrgResult, type OrgStatus } from '../model';
import { formatValue } from './labels';
import { pluralize, escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

const STATUS_STYLES: Readonly<Record<OrgStatus, Style>> = {
  unchanged: 'green',
  changed: 'green',
  planned: 'cyan',
  skipped: 'yellow',
  unknown: 'magenta',
  failed: 'red',
  unreachable: 'red',
};

const IMPACT_MARKS = { none: ' ', visible: '~', disruptive: '!' } as const;
const IMPACT_STYLES: Readonly<Record<Change['impact'], Style>> = { none: 'dim', visible: 'yellow', disruptive: 'red' };

/** Every org with its changes, old -> new, what they mean for customers, and what went wrong. */
export const orgResultsText = (layout: TextLayout, orgs: readonly OrgResult[]): string =>
  orgs.map((org) => orgResultText(layout, org)).join('\n\n');

function orgResultText(layout: TextLayout, outcome: OrgResult): string {
  const components = [...new Set(outcome.changes.map(({ component }) => component))];
  const failedChecks = outcome.checks
    .filter(({ ok }) => !ok)
    .map(({ name, detail }) => wrap(layout, '  ', escapeControls(`Check ${name}: ${detail}`)));
  const publishing = outcome.checks.filter(({ name }) => name === 'to publish');
  return [
    orgHeader(layout, outcome),
    ...failedChecks,
    ...components.map((component) =>
      componentText(
        layout,
        component,
        outcome.changes.filter((change) => change.component === component),
      ),
    ),
    ...publishing.map(({ detail }) =>
      wrap(layout, '  ', `Publishes ${detail}; sites and apps may take ten minutes to follow.`),
    ),
    ...(outcome.error ? [formatError(layout, outcome.error)] : []),
  ].join('\n');
}

function orgHeader(layout: TextLayout, { alias, orgId, kind, wave, status }: OrgResult): string {
  const name = styled(layout, 'bold', escapeControls(alias));
  return `${name}  ${kind}, wave ${wave}, ${escapeControls(orgId)}: ${styled(layout, STATUS_STYLES[status], status)}`;
}

/** What went wrong, why and the fix. */
export function formatError(page: TextLayout, { code, what, why, fix }: ErrorDetails): string {
  return [
    wrap(page, '  ', `${escapeControls(what)} (${code})`),
    wrap(page, '  ', `Why: ${escapeControls(why)}`),
    wrap(page, '  ', `Fix: ${escapeControls(fix)}`),
  ].join('\n');
}

function componentText(layout: TextLayout, component: string, changes: readonly Change[]): string {
  const [first, ...rest] = changes;
  if (first?.action !== 'create')
    return [
      `  ${styled(layout, 'bold', escapeControls(component))}`,
      ...changes.map((each) => changeText(layout, each)),
    ].join('\n');
  const mark = styled(layout, 'green', '+');
  const title = wrap(
    layout,
    '      ',
    escapeControls(first.effect === '' ? component : `${component} - ${first.effect}`),
  ).replace(/^ {6}/, '');
  return [`  ${mark} ${title}`, ...rest.map((each) => changeText(layout, each))].join('\n');
}

function changeText(layout: TextLayout, change: Change): string {
  const style = IMPACT_STYLES[change.impact];
  const description = wrap(layout, '        ', changeDescription(change)).replace(/^ {8}/, '');
  const effect =
    change.effect === '' ? [] : [styled(layout, style, wrap(layout, '        ', escapeControls(change.effect)))];
  return [`    ${styled(layout, style, IMPACT_MARKS[change.impact])} ${description}`, ...effect].join('\n');
}

const changeDescription = ({ action, path, from, to }: Change): string =>
  action === 'delete'
    ? `${safeValue(from)} is deleted`
    : `${escapeControls(path)}: ${safeValue(from)} -> ${safeValue(to)}`;

const safeValue = (text: string | null): string => escapeControls(formatValue(text));

/** Of a plan only what customers notice, and how much more there is: what somebody about to deploy has to know. */
export function impactText(layout: TextLayout, orgs: readonly OrgResult[]): string {
  return orgs
    .map((org) => {
      const visible = org.changes.filter(({ impact }) => impact !== 'none');
      const hidden = org.changes.length - visible.length;
      const rest = hidden > 0 ? [`  ${pluralize(hidden, 'change')} that customers do not notice.`] : [];
      return [orgResultText(layout, { ...org, changes: visible }), ...rest].join('\n');
    })
    .join('\n\n');
}

/** What the marks in front of a change stand for. */
export const LEGEND = '+ new   ~ customers may notice   ! disturbs customers who are chatting now';

/** One line for the whole fleet. */
export function planSummary(orgs: readonly OrgResult[]): string {
  const changes = orgs.flatMap((org) => org.changes);
  const disruptive = changes.filter(isDisruptive).length;
  const failures = orgs.filter(({ status }) => status === 'failed' || status === 'unreachable').length;
  const rest = failures > 0 ? ` ${pluralize(failures, 'org')} could not be planned.` : '';
  const unchanged = orgs.filter(({ status }) => status === 'unchanged').length;
  if (changes.length === 0)
    return `${unchanged > 0 ? `Nothing to do in ${pluralize(unchanged, 'org')}.` : 'Nothing was planned.'}${rest}`;
  return `${pluralize(changes.length, 'change')} in ${pluralize(orgs.filter((org) => org.changes.length > 0).length, 'org')}, ${disruptive} of them disruptive. Nothing was written.${rest}`;
}

/** How each org came out of a deploy, a line an org and more where something went wrong. */
export const resultLines = (page: TextLayout, orgs: readonly OrgResult[]): string =>
  orgs.map((org) => resultLine(page, org)).join('\n');

function resultLine(page: TextLayout, { alias, status, changes, deployIds, error }: OrgResult): string {
  const result = styled(page, STATUS_STYLES[status], status.padEnd(11));
  const done = status === 'changed' ? `${pluralize(changes.length, 'change')}, read back` : '';
  const line = [styled(page, 'bold', escapeControls(alias).padEnd(12)), result, done, ...deployIds.map(escapeControls)]
    .join('  ')
    .trimEnd();
  return error ? `${line}\n${formatError(page, error)}` : line;
}
