import Table from 'cli-table3';
import type { Cell, Matrix, Row } from '../matrix';
import { partsOf } from './names';
import { fold, safe, styled, type Page } from './page';

const LABEL = 24;
/** Below this, orgs are shown in a further table instead. */
const NARROWEST = 17;
const WIDEST = 34;

/** The consistency matrix as tables, as many orgs side by side as the page holds. Drift shows as `! live > stated`. */
export function matrixText(page: Page, matrix: Matrix): string {
  const perTable = Math.max(1, Math.floor((page.columns - LABEL) / (NARROWEST + 1)));
  const starts = matrix.columns.flatMap((_, index) => (index % perTable === 0 ? [index] : []));
  return starts
    .map((start) => tableText(page, matrix, start, Math.min(start + perTable, matrix.columns.length)))
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

function tableText(page: Page, { columns, rows }: Matrix, start: number, end: number): string {
  const width = Math.max(NARROWEST, Math.min(WIDEST, Math.floor((page.columns - LABEL) / (end - start)) - 1));
  const shown = columns.slice(start, end);
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true };
  const table = new Table({ colWidths: [LABEL, ...shown.map(() => width)], style, chars: NO_BORDERS });
  table.push(['', ...shown.map(({ alias, kind }) => styled(page, 'bold', fold(safe(`${alias} (${kind})`), width)))]);
  rows.forEach((row) => table.push([label(page, row), ...cells(page, row, shown, start, width)]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A component heads its settings. */
function label(page: Page, { component, setting }: Row): string {
  if (setting !== '') return `  ${fold(safe(setting), LABEL - 3).replaceAll('\n', '\n  ')}`;
  return styled(page, 'bold', fold(safe(partsOf(component).join(' ')), LABEL - 1));
}

const cells = (page: Page, row: Row, shown: Matrix['columns'], start: number, width: number): readonly string[] =>
  shown.map(({ reached }, index) => (reached ? cellText(page, row.cells[start + index], width) : '?'));

function cellText(page: Page, cell: Cell | undefined, width: number): string {
  if (!cell || (cell.live === null && cell.desired === null)) return '';
  const live = safe(cell.live ?? 'missing');
  if (cell.drift) return styled(page, 'red', fold(`! ${live} > ${safe(cell.desired ?? '-')}`, width));
  return live === 'as stated' ? styled(page, 'dim', live) : fold(live, width);
}
