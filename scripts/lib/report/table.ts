import { styled, wrap, type Style, type TextLayout } from './text-layout';

/** One cell of a row. */
export interface TableCell {
  readonly text: string;
  readonly style?: Style;
  /** Whether the text ends at the end of its column, as numbers do. */
  readonly alignEnd?: boolean;
  /** The text in a list, which has no headings. Default: the text. An empty one is omitted. */
  readonly listText?: string;
}

export type TableRow = readonly TableCell[];

const COLUMN_GAP = 2;

/**
 * Rows with aligned columns. A table that is too wide for the layout becomes a list, because a terminal would break its lines: each
 * row is its first cell and, behind a colon, the others. No text is shortened, and no name is broken.
 */
export function tableText(layout: TextLayout, rows: readonly TableRow[], head?: TableRow): string {
  const lines = head ? [head.map((cell) => ({ style: 'bold', ...cell }) as const), ...rows] : rows;
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((row) => row[at]?.text.length ?? 0)));
  const width = widths.reduce((sum, each) => sum + each + COLUMN_GAP, -COLUMN_GAP);
  if (width <= layout.columns) return lines.map((row) => tableLine(layout, row, widths)).join('\n');
  const title = head?.[0]?.text ?? '';
  const indent = title === '' ? '' : '  ';
  return [
    ...(title === '' ? [] : [styled(layout, 'bold', `${title}:`)]),
    ...rows.map((row) => wrap(layout, `${indent}  `, listLine(layout, row), indent)),
  ].join('\n');
}

function tableLine(layout: TextLayout, row: TableRow, widths: readonly number[]): string {
  const cells = row.map((cell, at) => {
    const padding = ' '.repeat((widths[at] ?? 0) - cell.text.length);
    return cell.alignEnd === true ? `${padding}${styledText(layout, cell)}` : `${styledText(layout, cell)}${padding}`;
  });
  return cells.join(' '.repeat(COLUMN_GAP)).trimEnd();
}

function listLine(layout: TextLayout, [name, ...others]: TableRow): string {
  const texts = others
    .map((cell) => styledText(layout, { ...cell, text: cell.listText ?? cell.text }))
    .filter((text) => text !== '');
  const start = name ? styledText(layout, name) : '';
  return texts.length === 0 ? start : `${start}: ${texts.join(', ')}`;
}

const styledText = (layout: TextLayout, { text, style }: TableCell): string =>
  style === undefined || text === '' ? text : styled(layout, style, text);
