import { styleText } from 'node:util';
import { escapeInvisible } from './escape';

/** Where text is read: how wide it is, and whether it shows colours. */
export interface TextLayout {
  readonly columns: number;
  readonly color: boolean;
}

export type Style = Parameters<typeof styleText>[0];

/** Text in a style, where the page shows it. */
export const styled = (layout: TextLayout, style: Style, text: string): string =>
  layout.color ? styleText(style, text, { validateStream: false }) : text;

/** Nobody reads lines of any length. */
const MAX_LINE_WIDTH = 120;

/** Breaks text at blanks so that it fits the page behind an indent. A word longer than a line stands alone. */
export function wrap(layout: TextLayout, indent: string, text: string): string {
  const width = Math.max(20, Math.min(layout.columns, MAX_LINE_WIDTH) - indent.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${indent}${each}`).join('\n');
}

/** Text in lines of at most `width`: broken at blanks, and inside a word that is longer. */
export function fold(text: string, width: number): string {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const at = breakIndex(rest, width);
    lines.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...lines, rest].join('\n');
}

/** Where a line may end: at a blank, behind a mark inside a name or an address, else anywhere. */
function breakIndex(text: string, width: number): number {
  const space = text.lastIndexOf(' ', width);
  if (space > text.search(/\S/)) return space;
  const punctuation = Math.max(...['_', '/', '.', '-'].map((each) => text.lastIndexOf(each, width - 1)));
  return punctuation > width / 3 ? punctuation + 1 : width;
}

/** `1 error`, `2 errors`. */
export const pluralize = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** What comes from an org or a file cannot steer the terminal. */
export const escapeControls = (text: string): string => escapeInvisible(text).replaceAll('\r', '\u00B7');
