import type { Cell, Matrix, Row } from '../../matrix';
import { partsOf } from '../names';
import { breakable, html, NOTHING, type Markup } from './markup';

/** Orgs side by side in one table: as many as fit on a sheet of paper. */
const SIDE_BY_SIDE = 5;

/** The consistency matrix: settings as rows, orgs as columns, a table for every few orgs. */
export function matrixTables(matrix: Matrix): readonly Markup[] {
  const starts = matrix.columns.flatMap((_, index) => (index % SIDE_BY_SIDE === 0 ? [index] : []));
  return starts.map((start) => matrixTable(matrix, start, Math.min(start + SIDE_BY_SIDE, matrix.columns.length)));
}

function matrixTable({ columns, rows }: Matrix, start: number, end: number): Markup {
  const shown = columns.slice(start, end);
  const names = shown.map(({ alias }) => alias).join(', ');
  return html` <div class="scroll card" role="group" aria-label="Settings of ${names}" tabindex="0">
    <table class="matrix">
      <caption class="unseen">
        Settings of ${names}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${shown.map(columnHead)}
        </tr>
      </thead>
      ${groupsOf(rows).map((group) => componentRows(group, shown, start))}
    </table>
  </div>`;
}

const columnHead = ({ alias, kind, reached }: Matrix['columns'][number]): Markup =>
  html`<th scope="col">${alias}<span class="kind">${kind}${reached ? '' : ', not reached'}</span></th>`;

/** Rows of one component stand together. */
function groupsOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  return [...new Set(rows.map(({ component }) => component))].map((component) =>
    rows.filter((row) => row.component === component),
  );
}

function componentRows(rows: readonly Row[], shown: Matrix['columns'], start: number): Markup {
  return html`<tbody>
    ${rows.map(
      (row) =>
        html`<tr>
          ${rowHead(row)}${cellsOf(row, shown, start)}
        </tr>`,
    )}
  </tbody>`;
}

function rowHead({ component, setting }: Row): Markup {
  const [kind, name] = partsOf(component);
  return setting === ''
    ? html`<th scope="row" class="whole"><span class="kind">${kind}</span> ${name}</th>`
    : html`<th scope="row">${setting}</th>`;
}

const cellsOf = (row: Row, shown: Matrix['columns'], start: number): readonly Markup[] =>
  shown.map(({ reached }, index) => (reached ? cellOf(row.cells[start + index]) : UNKNOWN));

const UNKNOWN = html`<td class="quiet"><span aria-hidden="true">?</span><span class="unseen">not known</span></td>`;
const ABSENT = html`<td></td>`;

function cellOf(cell: Cell | undefined): Markup {
  if (!cell || (cell.live === null && cell.desired === null)) return ABSENT;
  const { live, desired, drift } = cell;
  if (!drift) return html`<td class="${live === 'as stated' ? 'quiet' : 'same'}">${breakable(live ?? '')}</td>`;
  const stated =
    desired === 'as stated' ? NOTHING : html`<span class="stated">stated: ${breakable(desired ?? 'nothing')}</span>`;
  return html`<td class="drift">
    <strong><span aria-hidden="true">! </span>${breakable(live ?? 'missing')}</strong>${stated}
  </td>`;
}
