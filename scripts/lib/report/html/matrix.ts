import type { Cell, Matrix, Row } from '../org-matrix';
import { groupBy } from '../../model';
import { splitLabel } from '../labels';
import { withLineBreaks, html, EMPTY, type Markup } from './markup';

/** The number of orgs side by side that fit on a printed page. */
const ORGS_PER_TABLE = 5;

/** The consistency matrix as tables: settings as rows, a few orgs as columns. */
export function matrixTables(fullMatrix: Matrix): readonly Markup[] {
  const matrix = withSharedColumns(fullMatrix);
  const starts = matrix.columns.flatMap((_, index) => (index % ORGS_PER_TABLE === 0 ? [index] : []));
  return starts.map((start) => matrixTable(matrix, start, Math.min(start + ORGS_PER_TABLE, matrix.columns.length)));
}

/** Orgs with equal settings share a column, which names all of them. */
function withSharedColumns({ columns, rows }: Matrix): Matrix {
  const indexes = columns.map((_, index) => index);
  const contentOf = (index: number): string =>
    JSON.stringify([columns[index]?.kind, columns[index]?.reached, rows.map(({ cells }) => cells[index])]);
  const groups = [...groupBy(indexes, contentOf).values()];
  return {
    columns: groups.flatMap((group) => {
      const [first] = group.flatMap((index) => columns[index] ?? []);
      return first ? [{ ...first, alias: group.map((index) => columns[index]?.alias ?? '').join(', ') }] : [];
    }),
    rows: rows.map((row) => ({ ...row, cells: groups.flatMap(([index]) => row.cells[index] ?? []) })),
  };
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
      ${groupByComponent(rows).map((group) => componentRows(group, shown, start))}
    </table>
  </div>`;
}

const columnHead = ({ alias, kind, reached }: Matrix['columns'][number]): Markup =>
  html`<th scope="col">${alias}<span class="kind">${kind}${reached ? '' : ', unreachable'}</span></th>`;

/** The rows of each component. */
function groupByComponent(rows: readonly Row[]): readonly (readonly Row[])[] {
  return [...new Set(rows.map(({ component }) => component))].map((component) =>
    rows.filter((row) => row.component === component),
  );
}

function componentRows(rows: readonly Row[], columns: Matrix['columns'], start: number): Markup {
  return html`<tbody>
    ${rows.map(
      (row) =>
        html`<tr>
          ${rowHead(row)}${cellsOf(row, columns, start)}
        </tr>`,
    )}
  </tbody>`;
}

function rowHead({ component, setting }: Row): Markup {
  const [kind, name] = splitLabel(component);
  return setting === ''
    ? html`<th scope="row" class="whole"><span class="kind">${kind}</span> ${name}</th>`
    : html`<th scope="row">${setting}</th>`;
}

const cellsOf = (row: Row, columns: Matrix['columns'], start: number): readonly Markup[] =>
  columns.map(({ reached }, index) => (reached ? cellOf(row.cells[start + index]) : UNKNOWN_CELL));

const UNKNOWN_CELL = html`<td class="quiet"><span aria-hidden="true">?</span><span class="unseen">unknown</span></td>`;
const EMPTY_CELL = html`<td></td>`;

function cellOf(cell: Cell | undefined): Markup {
  if (!cell || (cell.live === null && cell.desired === null)) return EMPTY_CELL;
  const { live, desired, drift } = cell;
  if (!drift) return html`<td class="${live === 'in sync' ? 'quiet' : 'same'}">${withLineBreaks(live ?? '')}</td>`;
  if (live === null || live === 'missing') return missingCell(live ?? desired ?? 'not set');
  const desiredLine =
    desired === 'in sync' ? EMPTY : html`<span class="desired">desired: ${withLineBreaks(desired ?? 'not set')}</span>`;
  return html`<td class="drift">
    <strong><span aria-hidden="true">! </span>${withLineBreaks(live)}</strong>${desiredLine}
  </td>`;
}

/** A value that the org doesn't have yet. It is not red, because before the first deploy every value is missing. */
const missingCell = (text: string): Markup =>
  html`<td class="add"><span aria-hidden="true">+ </span>${withLineBreaks(text)}</td>`;
