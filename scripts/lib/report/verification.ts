import type { Check, OrgResult } from '../model';
import { formatError, groupErrors } from './errors';
import { groupChecks, type GroupedCheck } from './group-checks';
import { isVerificationCheck, channelChecks, countInState, verificationSummary } from './verification-summary';
import { escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

const COLUMN_GAP = 2;

/** The verdict of each org, a table of its channels by check group, then each failed or inconclusive result once. */
export const verificationText = (layout: TextLayout, orgs: readonly OrgResult[]): string =>
  [
    verificationSummary(layout, orgs),
    ...tableText(layout, orgs),
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

/** A cell of the table: the result of one check group on one channel. */
interface Cell {
  readonly text: string;
  readonly style: Style;
}

/** One line per channel, one column per check group. A name that doesn't fit has its own line. */
function tableText(layout: TextLayout, orgs: readonly OrgResult[]): readonly string[] {
  const channels = orgs.flatMap(channelChecks);
  const groups = [
    ...new Set(orgs.flatMap(({ checks }) => checks.filter(isVerificationCheck).map(({ part = '' }) => part))),
  ];
  if (channels.length === 0) return [];
  const cells = channels.map(({ checks }) => groups.map((part) => cellOf(checks.filter((each) => each.part === part))));
  const widths = groups.map(
    (part, at) => COLUMN_GAP + Math.max(part.length, ...cells.map((row) => row[at]?.text.length ?? 0)),
  );
  const label = Math.min(
    Math.max(...channels.map(({ name }) => escapeControls(name).length)),
    Math.max(COLUMN_GAP, layout.columns - widths.reduce((sum, width) => sum + width, 0)),
  );
  const line = (name: string, row: readonly Cell[]): string => rowText(layout, label, widths, name, row);
  const head = line(
    '',
    groups.map((text) => ({ text, style: 'bold' })),
  );
  return [[head, ...channels.map(({ name }, at) => line(name, cells[at] ?? []))].join('\n')];
}

function rowText(
  layout: TextLayout,
  label: number,
  widths: readonly number[],
  name: string,
  row: readonly Cell[],
): string {
  const shown = row.map(({ text, style }, at) => ({
    text: styled(layout, style, text),
    pad: at === row.length - 1 ? 0 : (widths[at] ?? 0) - COLUMN_GAP - text.length,
  }));
  const cells = shown.map(({ text, pad }) => `${' '.repeat(COLUMN_GAP)}${text}${' '.repeat(pad)}`).join('');
  const title = escapeControls(name);
  if (title.length <= label) return `${title.padEnd(label)}${cells}`;
  return `${wrap(layout, '', title)}\n${' '.repeat(label)}${cells}`;
}

/** The result of a group of checks with its numbers; a dash without checks. */
function cellOf(checks: readonly Check[]): Cell {
  const [total, failed, inconclusive] = [
    checks.length,
    countInState(checks, 'failed'),
    countInState(checks, 'inconclusive'),
  ];
  if (total === 0) return { text: '-', style: 'dim' };
  if (failed > 0) return { text: `${failed} of ${total} failed`, style: 'red' };
  if (inconclusive === total) return { text: 'inconclusive', style: 'yellow' };
  return inconclusive > 0
    ? { text: `${total - inconclusive} of ${total} passed`, style: 'yellow' }
    : { text: `${total} passed`, style: 'green' };
}
