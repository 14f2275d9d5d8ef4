import { groupBy, npmRun } from '../model';
import Table from 'cli-table3';
import type { Cell, Matrix, Row } from './org-matrix';
import { splitLabel } from './labels';
import { escapeControls, fold, styled, wrap, type TextLayout } from './text-layout';

const MIN_LABEL_WIDTH = 24;
const MIN_COLUMN_WIDTH = 17;
const MAX_COLUMN_WIDTH = 34;

/**
 * The consistency matrix as tables with as many orgs side by side as fit the layout, without rows that are empty in a
 * table. Drift is `! live -> desired`; a value that the org doesn't have yet is `+ desired`. A column is as wide as its
 * longest name. An org whose table is still too wide becomes a list. Orgs with equal settings share one column.
 */
export function matrixText(layout: TextLayout, fullMatrix: Matrix): string {
  const matrix = withSharedColumns(fullMatrix);
  const labelWidth = Math.max(MIN_LABEL_WIDTH, longestOf(matrix.rows.flatMap(labelWords)) + 1);
  return columnGroups(layout.columns - labelWidth, matrix)
    .map((group) =>
      isTooWide(layout, labelWidth, group)
        ? listText(layout, matrix, group)
        : tableText(layout, matrix, labelWidth, group),
    )
    .join('\n\n');
}

/** A matrix with one column for the orgs that have the same kind and the same settings. */
function withSharedColumns({ columns, rows }: Matrix): Matrix {
  const indexes = columns.map((_, index) => index);
  const groups = groupBy(indexes, (index) => {
    const { kind, reached } = columns[index] ?? {};
    return JSON.stringify([kind, reached, rows.map(({ cells }) => cells[index])]);
  });
  const shared = [...groups.values()];
  const pickFirst = <T>(items: readonly T[]): readonly T[] =>
    shared.flatMap(([first = 0]) => items.slice(first, first + 1));
  return {
    columns: pickFirst(columns).map((column, at) => ({
      ...column,
      alias: (shared[at] ?? []).map((index) => columns[index]?.alias).join(', '),
    })),
    rows: rows.map((row) => ({ ...row, cells: pickFirst(row.cells) })),
  };
}

/** Explains the marks of the matrix. */
export const MATRIX_LEGEND = `! marks drift (live -> desired); + marks what the org doesn't have yet. To see the impact: ${npmRun('plan')}`;

/** One org in a table: its place in the matrix and its width. */
interface TableColumn {
  readonly index: number;
  readonly width: number;
}

function columnGroups(lineWidth: number, matrix: Matrix): readonly (readonly TableColumn[])[] {
  const groups: TableColumn[][] = [];
  let left = 0;
  matrix.columns.forEach((_, index) => {
    const width = minWidth(matrix, index);
    left -= width + 1;
    if (left < 0 || groups.length === 0) {
      groups.push([]);
      left = lineWidth - width - 1;
    }
    groups.at(-1)?.push({ index, width });
  });
  return groups.map((group) => widen(lineWidth, group));
}

const isTooWide = ({ columns }: TextLayout, labelWidth: number, group: readonly TableColumn[]): boolean =>
  group.reduce((sum, { width }) => sum + width + 1, labelWidth) > columns;

/** The settings of an org below each other. */
const listText = (layout: TextLayout, { columns, rows }: Matrix, group: readonly TableColumn[]): string =>
  group
    .flatMap(({ index }) => {
      const { alias = '', kind = '', reached = true } = columns[index] ?? {};
      const title = styled(layout, 'bold', escapeControls(`${alias} (${kind})`));
      if (!reached) return [`${title}: ?`];
      return [title, ...rows.flatMap((row) => listRow(layout, row, row.cells[index]))];
    })
    .join('\n');

function listRow(layout: TextLayout, row: Row, cell: Cell | undefined): readonly string[] {
  const value = styledCell(layout, cell, (text) => text);
  if (value === '') return [];
  const label = row.setting === '' ? splitLabel(row.component).join(' ') : row.setting;
  const indent = row.setting === '' ? '' : '  ';
  return [wrap(layout, `${indent}    `, `${escapeControls(label)}: ${value}`, indent)];
}

/** The width of the longest word of a column, because names, issuers and key IDs are not broken. */
function minWidth({ columns, rows }: Matrix, index: number): number {
  const { alias = '', kind = '' } = columns[index] ?? {};
  const texts = [`${alias} (${kind})`, ...rows.flatMap(({ cells }) => cellText(cells[index]))];
  return Math.max(MIN_COLUMN_WIDTH, longestOf(texts.flatMap((text) => text.split(' '))));
}

const longestOf = (texts: readonly string[]): number =>
  texts.reduce((longest, { length }) => Math.max(longest, length), 0);

/** Shares the rest of the line among the columns. */
function widen(lineWidth: number, group: readonly TableColumn[]): readonly TableColumn[] {
  const rest = lineWidth - group.reduce((sum, { width }) => sum + width + 1, 0);
  const share = Math.max(0, Math.floor(rest / group.length));
  return group.map(({ index, width }) => ({
    index,
    width: Math.max(width, Math.min(MAX_COLUMN_WIDTH, width + share)),
  }));
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};

function tableText(
  layout: TextLayout,
  { columns, rows }: Matrix,
  labelWidth: number,
  group: readonly TableColumn[],
): string {
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true };
  const table = new Table({
    colWidths: [labelWidth, ...group.map(({ width }) => width)],
    style,
    chars: NO_BORDERS,
  });
  table.push([
    '',
    ...group.map(({ index, width }) => {
      const { alias = '', kind = '' } = columns[index] ?? {};
      return styled(layout, 'bold', fold(escapeControls(`${alias} (${kind})`), width));
    }),
  ]);
  rows
    .filter(({ cells }) =>
      group.some(({ index }) => columns[index]?.reached === false || cellText(cells[index]) !== ''),
    )
    .forEach((row) =>
      table.push([
        labelText(layout, row, labelWidth),
        ...group.map(({ index, width }) =>
          columns[index]?.reached === false ? '?' : styledCell(layout, row.cells[index], (text) => fold(text, width)),
        ),
      ]),
    );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The words of a label; the name of a component is one of them and is not broken. */
const labelWords = ({ component, setting }: Row): readonly string[] =>
  setting === ''
    ? splitLabel(component).flatMap((part) => part.split(' '))
    : setting.split(' ').map((word) => `  ${word}`);

/** The label of a component, or the indented label of one of its settings. */
function labelText(layout: TextLayout, { component, setting }: Row, width: number): string {
  if (setting !== '') return `  ${fold(escapeControls(setting), width - 3).replaceAll('\n', '\n  ')}`;
  return styled(layout, 'bold', fold(escapeControls(splitLabel(component).join(' ')), width - 1));
}

function cellText(cell: Cell | undefined): string {
  if (!cell || (cell.live === null && cell.desired === null)) return '';
  if (!cell.drift) return escapeControls(cell.live ?? '');
  const desired = escapeControls(cell.desired ?? 'not set');
  if (cell.live === null) return `+ ${desired}`;
  return cell.live === 'missing' ? '+ missing' : `! ${escapeControls(cell.live)} -> ${desired}`;
}

function styledCell(layout: TextLayout, cell: Cell | undefined, fit: (text: string) => string): string {
  const text = cellText(cell);
  if (text === '') return '';
  if (cell?.drift) return styled(layout, text.startsWith('+') ? 'cyan' : 'red', fit(text));
  return text === 'in sync' ? styled(layout, 'dim', text) : fit(text);
}
