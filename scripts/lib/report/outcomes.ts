import { isDisruptive, type Change, type Fault, type Outcome, type Result } from '../model';
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
export const outcomesText = (page: Page, orgs: readonly Outcome[]): string => orgs.map((org) => outcomeText(page, org)).join('\n\n');

export function outcomeText(page: Page, outcome: Outcome): string {
  const components = [...new Set(outcome.changes.map(({ component }) => component))];
  const failedChecks = outcome.checks.filter(({ ok }) => !ok).map(({ name, detail }) => wrap(page, '  ', `Check ${name}: ${detail}`));
  return [
    header(page, outcome),
    ...failedChecks,
    ...components.map((component) => componentText(page, component, outcome.changes.filter((change) => change.component === component))),
    ...(outcome.deployIds.length > 0 ? [`  Deployment ${outcome.deployIds.join(', ')}`] : []),
    ...(outcome.error ? [faultText(page, outcome.error)] : []),
  ].join('\n');
}

function header(page: Page, { alias, orgId, kind, wave, outcome }: Outcome): string {
  const name = styled(page, 'bold', alias);
  return `${name}  ${kind}, wave ${wave}, ${orgId}: ${styled(page, RESULT_STYLES[outcome], outcome)}`;
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
  const isNew = changes.some(({ action }) => action === 'create');
  const title = `  ${styled(page, 'bold', component)}${isNew ? styled(page, 'green', '  new') : ''}`;
  return [title, ...changes.map((change) => changeText(page, change))].join('\n');
}

function changeText(page: Page, change: Change): string {
  const mark = styled(page, IMPACT_STYLES[change.impact], IMPACT_MARKS[change.impact]);
  const effect = change.effect === '' ? [] : [styled(page, IMPACT_STYLES[change.impact], wrap(page, '        ', safe(change.effect)))];
  if (change.action === 'create') return effect.join('\n') || wrap(page, '        ', `"${safe(change.to ?? '')}"`);
  return [`    ${mark} ${change.path}`, wrap(page, '        ', `${value(change.from)} -> ${value(change.to)}`), ...effect].join('\n');
}

const value = (text: string | null): string => (text === null ? '(not set)' : text === '' ? '(empty)' : safe(text));

/** One line for the whole fleet. */
export function planSummary(orgs: readonly Outcome[]): string {
  const changes = orgs.flatMap((org) => org.changes);
  const disruptive = changes.filter(isDisruptive).length;
  const troubled = orgs.filter(({ outcome }) => outcome === 'failed' || outcome === 'unreachable').length;
  const rest = troubled > 0 ? ` ${count(troubled, 'org')} could not be planned.` : '';
  if (changes.length === 0) return `Nothing to do in ${count(orgs.length, 'org')}.${rest}`;
  return `${count(changes.length, 'change')} in ${count(orgs.filter((org) => org.changes.length > 0).length, 'org')}, ${disruptive} of them disruptive. Nothing was written.${rest}`;
}

/** One line: how many orgs came out how. */
export function deploySummary(orgs: readonly Outcome[]): string {
  const results = [...new Set(orgs.map(({ outcome }) => outcome))];
  return `${results.map((result) => `${orgs.filter(({ outcome }) => outcome === result).length} ${result}`).join(', ')}.`;
}
