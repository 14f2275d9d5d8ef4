import { isDisruptive, type Change, type Fault, type Outcome, type Result } from '../model';
import { valueText } from './names';
import { count, safe, styled, wrap, type Page, type Style } from './page';

const RESULT_STYLES: Readonly<Record<Result, Style>> = {
  unchanged: 'green',
  changed: 'green',
  planned: 'cyan',
  skipped: 'yellow',
  unknown: 'magenta',
  failed: 'red',
  unreachable: 'red',
};

const IMPACT_MARKS = { none: ' ', notice: '~', disruptive: '!' } as const;
const IMPACT_STYLES: Readonly<Record<Change['impact'], Style>> = { none: 'dim', notice: 'yellow', disruptive: 'red' };

/** Every org with its changes, old -> new, what they mean for customers, and what went wrong. */
export const outcomesText = (page: Page, orgs: readonly Outcome[]): string =>
  orgs.map((org) => outcomeText(page, org)).join('\n\n');

function outcomeText(page: Page, outcome: Outcome): string {
  const components = [...new Set(outcome.changes.map(({ component }) => component))];
  const failedChecks = outcome.checks
    .filter(({ ok }) => !ok)
    .map(({ name, detail }) => wrap(page, '  ', safe(`Check ${name}: ${detail}`)));
  const publishing = outcome.checks.filter(({ name }) => name === 'to publish');
  return [
    header(page, outcome),
    ...failedChecks,
    ...components.map((component) =>
      componentText(
        page,
        component,
        outcome.changes.filter((change) => change.component === component),
      ),
    ),
    ...publishing.map(({ detail }) =>
      wrap(page, '  ', `Publishes ${detail}; sites and apps may take ten minutes to follow.`),
    ),
    ...(outcome.error ? [faultText(page, outcome.error)] : []),
  ].join('\n');
}

function header(page: Page, { alias, orgId, kind, wave, outcome }: Outcome): string {
  const name = styled(page, 'bold', safe(alias));
  return `${name}  ${kind}, wave ${wave}, ${safe(orgId)}: ${styled(page, RESULT_STYLES[outcome], outcome)}`;
}

/** What went wrong, why and the fix. */
export function faultText(page: Page, { code, what, why, fix }: Fault): string {
  return [
    wrap(page, '  ', `${safe(what)} (${code})`),
    wrap(page, '  ', `Why: ${safe(why)}`),
    wrap(page, '  ', `Fix: ${safe(fix)}`),
  ].join('\n');
}

function componentText(page: Page, component: string, changes: readonly Change[]): string {
  const [first, ...rest] = changes;
  if (first?.action !== 'create')
    return [`  ${styled(page, 'bold', safe(component))}`, ...changes.map((each) => changeText(page, each))].join('\n');
  const mark = styled(page, 'green', '+');
  const title = wrap(page, '      ', safe(first.effect === '' ? component : `${component} - ${first.effect}`)).replace(
    /^ {6}/,
    '',
  );
  return [`  ${mark} ${title}`, ...rest.map((each) => changeText(page, each))].join('\n');
}

function changeText(page: Page, change: Change): string {
  const style = IMPACT_STYLES[change.impact];
  const said = wrap(page, '        ', whatHappens(change)).replace(/^ {8}/, '');
  const effect = change.effect === '' ? [] : [styled(page, style, wrap(page, '        ', safe(change.effect)))];
  return [`    ${styled(page, style, IMPACT_MARKS[change.impact])} ${said}`, ...effect].join('\n');
}

const whatHappens = ({ action, path, from, to }: Change): string =>
  action === 'delete' ? `${value(from)} is deleted` : `${safe(path)}: ${value(from)} -> ${value(to)}`;

const value = (text: string | null): string => safe(valueText(text));

/** Of a plan only what customers notice, and how much more there is: what somebody about to deploy has to know. */
export function impactText(page: Page, orgs: readonly Outcome[]): string {
  return orgs
    .map((org) => {
      const felt = org.changes.filter(({ impact }) => impact !== 'none');
      const silent = org.changes.length - felt.length;
      const rest = silent > 0 ? [`  ${count(silent, 'change')} that customers do not notice.`] : [];
      return [outcomeText(page, { ...org, changes: felt }), ...rest].join('\n');
    })
    .join('\n\n');
}

/** What the marks in front of a change stand for. */
export const LEGEND = '+ new   ~ customers may notice   ! disturbs customers who are chatting now';

/** One line for the whole fleet. */
export function planSummary(orgs: readonly Outcome[]): string {
  const changes = orgs.flatMap((org) => org.changes);
  const disruptive = changes.filter(isDisruptive).length;
  const troubled = orgs.filter(({ outcome }) => outcome === 'failed' || outcome === 'unreachable').length;
  const rest = troubled > 0 ? ` ${count(troubled, 'org')} could not be planned.` : '';
  const idle = orgs.filter(({ outcome }) => outcome === 'unchanged').length;
  if (changes.length === 0)
    return `${idle > 0 ? `Nothing to do in ${count(idle, 'org')}.` : 'Nothing was planned.'}${rest}`;
  return `${count(changes.length, 'change')} in ${count(orgs.filter((org) => org.changes.length > 0).length, 'org')}, ${disruptive} of them disruptive. Nothing was written.${rest}`;
}

/** How each org came out of a deploy, a line an org and more where something went wrong. */
export const resultsText = (page: Page, orgs: readonly Outcome[]): string =>
  orgs.map((org) => resultText(page, org)).join('\n');

function resultText(page: Page, { alias, outcome, changes, deployIds, error }: Outcome): string {
  const result = styled(page, RESULT_STYLES[outcome], outcome.padEnd(11));
  const done = outcome === 'changed' ? `${count(changes.length, 'change')}, read back` : '';
  const line = [styled(page, 'bold', safe(alias).padEnd(12)), result, done, ...deployIds.map(safe)]
    .join('  ')
    .trimEnd();
  return error ? `${line}\n${faultText(page, error)}` : line;
}
