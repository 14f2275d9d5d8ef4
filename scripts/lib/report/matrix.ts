import Table from 'cli-table3';
import type { Cell, Matrix, Row } from '../matrix';
import { splitLabel } from './labels';
import { fold, escapeControls, styled, type TextLayout } from './text-layout';

const LABEL_WIDTH = 24;
/** Below this, orgs are shown in a further table instead. */
const MIN_COLUMN_WIDTH = 17;
const MAX_COLUMN_WIDTH = 34;

/** The consistency matrix as tables, as many orgs side by side as the page holds. Drift shows as `! live > stated`. */
export function matrixText(layout: TextLayout, matrix: Matrix): string {
  const perTable = Math.max(1, Math.floor((layout.columns - LABEL_WIDTH) / (MIN_COLUMN_WIDTH + 1)));
  const starts = matrix.columns.flatMap((_, index) => (index % perTable === 0 ? [index] : []));
  return starts
    .map((start) => tableText(layout, matrix, start, Math.min(start + perTable, matrix.columns.length)))
    .join('\n\n');
}

const NO_BORDERS = {
  ...{
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
  },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: ' ' },
};

function tableText(layout: TextLayout, { columns, rows }: Matrix, start: number, end: number): string {
  const width = Math.max(
    MIN_COLUMN_WIDTH,
    Math.min(MAX_COLUMN_WIDTH, Math.floor((layout.columns - LABEL_WIDTH) / (end - start)) - 1),
  );
  const tableColumns = columns.slice(start, end);
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true };
  const table = new Table({ colWidths: [LABEL_WIDTH, ...tableColumns.map(() => width)], style, chars: NO_BORDERS });
  table.push([
    '',
    ...tableColumns.map(({ alias, kind }) => styled(layout, 'bold', fold(escapeControls(`${alias} (${kind})`), width))),
  ]);
  rows.forEach((row) => table.push([label(layout, row), ...cells(layout, row, tableColumns, start, width)]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A component heads its settings. */
function label(layout: TextLayout, { component, setting }: Row): string {
  if (setting !== '') return `  ${fold(escapeControls(setting), LABEL_WIDTH - 3).replaceAll('\n', '\n  ')}`;
  return styled(layout, 'bold', fold(escapeControls(splitLabel(component).join(' ')), LABEL_WIDTH - 1));
}

const cells = (
  layout: TextLayout,
  row: Row,
  shown: Matrix['columns'],
  start: number,
  width: number,
): readonly string[] =>
  shown.map(({ reached }, index) => (reached ? cellText(layout, row.cells[start + index], width) : '?'));

function cellText(layout: TextLayout, cell: Cell | undefined, width: number): string {
  if (!cell || (cell.live === null && cell.desired === null)) return '';
  const live = escapeControls(cell.live ?? 'missing');
  if (cell.drift) return styled(layout, 'red', fold(`! ${live} > ${escapeControls(cell.desired ?? '-')}`, width));
  return live === 'in sync' ? styled(layout, 'dim', live) : fold(live, width);
}
