import type { Check, OrgResult } from '../model';
import { formatError, groupErrors } from './errors';
import { groupChecks, type GroupedCheck } from './group-checks';
import { isVerificationCheck, channelChecks, countInState, verificationSummary } from './verification-summary';
import { tableText, type TableCell } from './table';
import { escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

/** The verdict of each org, a table of its channels by check group, then each failed or inconclusive result once. */
export const verificationText = (layout: TextLayout, orgs: readonly OrgResult[]): string =>
  [
    verificationSummary(layout, orgs),
    ...channelTable(layout, orgs),
    ...groupChecks(orgs.map(withVerificationChecks)).map((each) => groupedCheckText(layout, each)),
  ].join('\n\n');

/** The same, with the errors of orgs that no failed check explains. */
export const verificationTextWithErrors = (layout: TextLayout, orgs: readonly OrgResult[]): string =>
  [
    verificationText(layout, orgs),
    ...groupErrors(orgs.filter(({ checks }) => !checks.some(({ state }) => state === 'failed'))).map((error) =>
      formatError(layout, error),
    ),
  ].join('\n\n');

const withVerificationChecks = ({ alias, checks }: OrgResult): Pick<OrgResult, 'alias' | 'checks'> => ({
  alias,
  checks: checks.filter(isVerificationCheck),
});

function groupedCheckText(page: TextLayout, { state, checks, locations, detail }: GroupedCheck): string {
  const [style, title] = state === 'failed' ? (['red', 'Failed'] as const) : (['yellow', 'Inconclusive'] as const);
  return [
    styled(page, style, wrap(page, '', escapeControls(`${title}: ${checks}`))),
    wrap(page, '  ', escapeControls(`in ${locations}`)),
    wrap(page, '  ', escapeControls(detail)),
  ].join('\n');
}

/** One line per channel, one column per check group. */
function channelTable(layout: TextLayout, orgs: readonly OrgResult[]): readonly string[] {
  const channels = orgs.flatMap(channelChecks);
  const groups = [
    ...new Set(orgs.flatMap(({ checks }) => checks.filter(isVerificationCheck).map(({ part = '' }) => part))),
  ];
  if (channels.length === 0) return [];
  const rows = channels.map(({ name, checks }) => [
    { text: escapeControls(name) },
    ...groups.map((part) =>
      cellOf(
        part,
        checks.filter((each) => each.part === part),
      ),
    ),
  ]);
  return [tableText(layout, rows, [{ text: '' }, ...groups.map((text) => ({ text }))])];
}

/** The result of a group of checks with its numbers; a dash without checks. */
function cellOf(part: string, checks: readonly Check[]): TableCell {
  const [total, failed, inconclusive] = [
    checks.length,
    countInState(checks, 'failed'),
    countInState(checks, 'inconclusive'),
  ];
  if (total === 0) return { text: '-', style: 'dim', listText: '' };
  const cell = (text: string, style: Style): TableCell => ({ text, style, listText: `${part} ${text}` });
  if (failed > 0) return cell(`${failed} of ${total} failed`, 'red');
  if (inconclusive === total) return cell('inconclusive', 'yellow');
  return inconclusive > 0
    ? cell(`${total - inconclusive} of ${total} passed`, 'yellow')
    : cell(`${total} passed`, 'green');
}
