import Table from 'cli-table3';
import type { Cell, Matrix, Row } from '../matrix';
import { safe, styled, type Page } from './page';

const LABEL = 24;
const NARROWEST = 16;
const WIDEST = 40;

/** The consistency matrix as tables, as many orgs side by side as the page holds. Drift shows as `live > desired`. */
export function matrixText(page: Page, matrix: Matrix): string {
  const perTable = Math.max(1, Math.floor((page.columns - LABEL - 2) / (NARROWEST + 1)));
  const starts = matrix.columns.flatMap((_, index) => (index % perTable === 0 ? [index] : []));
  return starts.map((start) => tableText(page, matrix, start, Math.min(start + perTable, matrix.columns.length))).join('\n\n');
}

function tableText(page: Page, { columns, rows }: Matrix, start: number, end: number): string {
  const width = Math.max(NARROWEST, Math.min(WIDEST, Math.floor((page.columns - LABEL - 2) / (end - start)) - 1));
  const shown = columns.slice(start, end);
  const table = new Table({
    head: ['', ...shown.map(({ alias, kind }) => `${alias} (${kind})`)],
    colWidths: [LABEL, ...shown.map(() => width)],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], compact: true },
    chars: BORDERS,
  });
  let before = '';
  for (const row of rows) {
    if (row.component !== before) table.push([{ colSpan: shown.length + 1, content: styled(page, 'bold', row.component) }]);
    before = row.component;
    table.push([`  ${row.setting}`, ...cells(page, row, shown, start)]);
  }
  return table.toString();
}

const BORDERS = {
  ...{ top: '-', 'top-mid': '-', 'top-left': '-', 'top-right': '-', bottom: '-', 'bottom-mid': '-', 'bottom-left': '-', 'bottom-right': '-' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: ' ' },
};

const cells = (page: Page, row: Row, shown: Matrix['columns'], start: number): readonly string[] =>
  shown.map(({ reached }, index) => (reached ? cellText(page, row.cells[start + index]) : '?'));

function cellText(page: Page, cell: Cell | undefined): string {
  if (!cell || (cell.live === null && cell.desired === null)) return '';
  const live = safe(cell.live ?? 'missing');
  return cell.drift ? styled(page, 'red', `! ${live} > ${safe(cell.desired ?? '-')}`) : live;
}
