import { KEPT_ITEMS_CHECK, npmRun, RESTORED_TRUST_CHECK, TRUST_CHECK, type OrgResult, type OrgStatus } from '../model';
import { formatError, groupErrors } from './errors';
import { PUBLISH_DELAY, STATUS_STYLES } from './org-results';
import { checkStateOf } from './report';
import { escapeControls, pluralize, styled, wrap, type TextLayout } from './text-layout';

/** The run that a summary is about. */
export interface RunSummary {
  /** Starts the total, e.g. `Deploy`. */
  readonly title: string;
  /** Absent if nothing was started. */
  readonly runId?: string;
  /** The command that verifies the changed orgs; absent if the run verified them. */
  readonly verify?: string;
  /** The command that resumes the run; absent if it can't be resumed. */
  readonly resume?: string;
  /** The command that rolls the run back; absent if nothing was started. */
  readonly rollback?: string;
  /** The next step for the source after the run, as a sentence. */
  readonly source?: string;
}

/** The end of a run: a table by wave, each error once, one total, and the next commands. */
export function runResultsText(layout: TextLayout, orgs: readonly OrgResult[], run: RunSummary): string {
  const errors = groupErrors(orgs.filter((org) => !isWaveSkipped(org)));
  return [
    waveTable(layout, orgs),
    ...orgs.flatMap((org) => [
      ...leftTrustText(layout, org),
      ...keptItemsText(layout, org),
      ...restoredTrustText(layout, org),
    ]),
    ...errors.map((error) => `\n${formatError(layout, error)}`),
    `\n${wrap(layout, '  ', totalLine(orgs, run), '')}`,
    ...(orgs.some(isPublished) ? [PUBLISH_DELAY] : []),
    ...nextCommands(orgs, run),
  ].join('\n');
}

/** Says which list items Salesforce kept although the deployed files omit them. */
const keptItemsText = (layout: TextLayout, { alias, checks }: OrgResult): readonly string[] =>
  checks
    .filter(({ name }) => name === KEPT_ITEMS_CHECK)
    .map(({ detail }) =>
      wrap(
        layout,
        '  ',
        escapeControls(
          `${alias}: Salesforce kept items that the deploy removed: ${detail}. They are disabled or inactive, so they verify nobody. Delete them in Setup.`,
        ),
        '',
      ),
    );

/** Lists the undeclared trust that an org still has: a saved plan doesn't revoke trust that was added later. */
const leftTrustText = (layout: TextLayout, { alias, checks, status }: OrgResult): readonly string[] =>
  checks
    .filter(({ name, ok, part }) => name === TRUST_CHECK && !ok && part === undefined && status === 'changed')
    .map(({ detail }) => {
      const text = `${alias}: The org still has undeclared trust. ${detail} To revoke it: ${npmRun('deploy', '--org', alias)}`;
      return wrap(layout, '  ', escapeControls(text), '');
    });

/** Says what a rollback did with undeclared trust. */
const restoredTrustText = (layout: TextLayout, { alias, checks }: OrgResult): readonly string[] =>
  checks
    .filter(({ name }) => name === RESTORED_TRUST_CHECK)
    .map(({ detail }) => wrap(layout, '  ', escapeControls(`${alias}: ${detail}`), ''));

/** The table says why a wave was skipped; the error of that org is not repeated. */
const isWaveSkipped = ({ error }: OrgResult): boolean => error?.code === 'wave-skipped';

const isPublished = ({ checks }: OrgResult): boolean =>
  checks.some(({ name, detail }) => name === 'published' && detail !== 'nothing to publish');

const COLUMN_GAP = '   ';

/**
 * The results of orgs by wave, one org per line: a table, or a list if the table is too wide. Orgs that were skipped for the same
 * reason share a line.
 */
function waveTable(layout: TextLayout, orgs: readonly OrgResult[]): string {
  const waves = [...new Set(orgs.map(({ wave }) => wave))].sort((one, other) => one - other);
  const rows = waves.flatMap((wave) =>
    waveRows(orgs.filter((org) => org.wave === wave)).map((row, index) => ({
      ...row,
      wave: index === 0 ? `Wave ${wave}` : '',
    })),
  );
  const widths = {
    wave: widthOf(rows.map((row) => row.wave)),
    names: Math.min(MAX_NAMES_WIDTH, widthOf(rows.map((row) => row.names))),
    cells: CELLS.map((_, at) => widthOf(rows.map((row) => row.cells[at] ?? ''))),
  };
  const rowOf = tableWidth(widths) > layout.columns ? listRow : tableRow;
  return rows.map((row) => rowOf(layout, row, widths)).join('\n');
}

/** A longer list of names doesn't push the columns behind it to the right. */
const MAX_NAMES_WIDTH = 40;

const widthOf = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));

/** Columns without text take no space. */
const tableWidth = ({ wave, names, cells }: TableWidths): number =>
  [names, ...cells.filter((width) => width > 0)].reduce((sum, width) => sum + width + COLUMN_GAP.length, wave);

interface WaveRow {
  readonly names: string;
  readonly status: OrgStatus;
  readonly cells: readonly string[];
  /** Why the orgs of the row were skipped; empty otherwise. */
  readonly reason: string;
}

function waveRows(orgs: readonly OrgResult[]): readonly WaveRow[] {
  const reasons = [...new Set(orgs.map(skipReason).filter((reason) => reason !== ''))];
  const results = orgs
    .filter((org) => skipReason(org) === '')
    .map((org) => ({
      names: escapeControls(org.alias),
      status: org.status,
      reason: '',
      cells: CELLS.map((cell) => escapeControls(cell(org))),
    }));
  const skipped = reasons.map((reason) => ({
    status: 'skipped' as const,
    cells: [],
    reason: escapeControls(reason),
    names: orgs
      .filter((org) => skipReason(org) === reason)
      .map(({ alias }) => escapeControls(alias))
      .join(', '),
  }));
  return [...results, ...skipped];
}

const skipReason = (org: OrgResult): string => (isWaveSkipped(org) ? (org.error?.why ?? '').replace(/\.$/, '') : '');

/** The columns behind the alias: status, changes, deploy jobs, what was read back, verification. */
const CELLS: readonly ((org: OrgResult) => string)[] = [
  ({ status }) => status,
  ({ status, changes }) => (status === 'changed' ? pluralize(changes.length, 'change') : ''),
  ({ deployIds }) => (deployIds.length > 0 ? `${deployIds.length > 1 ? 'jobs' : 'job'} ${deployIds.join(', ')}` : ''),
  ({ status }) => (status === 'changed' ? 'read back: in sync' : ''),
  ({ checks }) => verifiedCell(checks.filter(({ part }) => part !== undefined)),
];

function verifiedCell(checks: OrgResult['checks']): string {
  if (checks.length === 0) return '';
  const passed = checks.filter((check) => checkStateOf(check) === 'passed').length;
  return `verified: ${passed} of ${checks.length} passed`;
}

interface TableWidths {
  readonly wave: number;
  readonly names: number;
  readonly cells: readonly number[];
}

type Row = WaveRow & { readonly wave: string };

function tableRow(layout: TextLayout, row: Row, widths: TableWidths): string {
  if (row.reason !== '') return skippedRow(layout, row, widths);
  const texts = widths.cells.flatMap((width, at) => (width > 0 ? [(row.cells[at] ?? '').padEnd(width)] : []));
  const [status = '', ...others] = texts;
  const alias = styled(layout, 'bold', row.names.padEnd(widths.names));
  return [row.wave.padEnd(widths.wave), alias, styled(layout, STATUS_STYLES[row.status], status), ...others]
    .join(COLUMN_GAP)
    .trimEnd();
}

function listRow(layout: TextLayout, row: Row, widths: TableWidths): string {
  if (row.reason !== '') return skippedRow(layout, row, widths);
  const start = `${row.wave.padEnd(widths.wave)}${COLUMN_GAP}`;
  const [status = '', ...others] = row.cells.filter((cell) => cell !== '');
  const text = [styled(layout, STATUS_STYLES[row.status], status), ...others].join(', ');
  return wrap(layout, ' '.repeat(start.length + 2), `${styled(layout, 'bold', row.names)}: ${text}`, start);
}

function skippedRow(layout: TextLayout, { wave, names, reason }: Row, widths: TableWidths): string {
  const start = `${wave.padEnd(widths.wave)}${COLUMN_GAP}`;
  const line = `${start}${names.padEnd(widths.names)}${COLUMN_GAP}skipped: ${reason}`;
  return line.length <= layout.columns
    ? line
    : wrap(layout, ' '.repeat(start.length), `${names} skipped: ${reason}`, start);
}

const FAILURES: readonly OrgStatus[] = ['failed', 'unreachable', 'unknown'];

/** `Deploy complete: 3 changed, 0 unchanged, 0 failed, 0 skipped. Run <id>`, or `Stopped in wave 2: ...` with the names of failed orgs. */
function totalLine(orgs: readonly OrgResult[], { title, runId }: RunSummary): string {
  const run = runId === undefined ? '' : ` Run ${escapeControls(runId)}`;
  const stopped = orgs.some(isWaveSkipped) ? orgs.findLast(({ status }) => FAILURES.includes(status)) : undefined;
  const start = stopped ? `Stopped in wave ${stopped.wave}` : `${title} ${runVerdict(orgs)}`;
  return `${start}: ${statusCounts(orgs, stopped !== undefined)}.${run}`;
}

/** The total of several results: `Report: 12 orgs: 4 changed, 1 failed (qa2), 7 skipped.` */
export const orgTotals = (title: string, orgs: readonly OrgResult[]): string =>
  `${title}: ${pluralize(orgs.length, 'org')}${orgs.length === 0 ? '' : `: ${statusCounts(orgs, true)}`}.`;

/** `3 changed, 1 failed (qa2), 7 skipped`. */
function statusCounts(orgs: readonly OrgResult[], onlyPresent: boolean): string {
  const statuses = ['changed', 'planned', 'unchanged', 'failed', 'unreachable', 'unknown', 'skipped'] as const;
  return statuses
    .map((status) => ({ status, aliases: orgs.filter((org) => org.status === status).map(({ alias }) => alias) }))
    .filter(({ status, aliases }) => aliases.length > 0 || (!onlyPresent && ALWAYS_COUNTED.includes(status)))
    .map(({ status, aliases }) => {
      const names = FAILURES.includes(status) && aliases.length > 0 ? ` (${escapeControls(aliases.join(', '))})` : '';
      return `${aliases.length} ${status}${names}`;
    })
    .join(', ');
}

const ALWAYS_COUNTED: readonly OrgStatus[] = ['changed', 'unchanged', 'failed', 'skipped'];

function runVerdict(orgs: readonly OrgResult[]): string {
  if (orgs.some(({ status }) => FAILURES.includes(status))) return 'failed';
  return orgs.some(({ status }) => status === 'skipped') ? 'not started' : 'complete';
}

function nextCommands(orgs: readonly OrgResult[], { verify, resume, rollback, source }: RunSummary): readonly string[] {
  const isIncomplete = orgs.some(({ status }) => status === 'skipped' || FAILURES.includes(status));
  const mayHaveChanged = orgs.some(({ status, deployIds }) => status === 'changed' || deployIds.length > 0);
  return [
    ...(mayHaveChanged && !isIncomplete && verify !== undefined ? [`To verify:     ${verify}`] : []),
    ...(isIncomplete && resume !== undefined ? [`To resume:     ${resume}`] : []),
    ...(mayHaveChanged && rollback !== undefined ? [`To roll back:  ${rollback}`] : []),
    ...(mayHaveChanged && source !== undefined ? [source] : []),
  ];
}
