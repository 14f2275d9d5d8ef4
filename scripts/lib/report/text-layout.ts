import { styleText } from 'node:util';
import { wrapAnsi } from 'fast-wrap-ansi';
import { COMMANDS } from '../model';
import { escapeInvisible } from './escape';

/** Where text is printed: its width in characters, and whether it shows colors. */
export interface TextLayout {
  readonly columns: number;
  readonly color: boolean;
}

export type Style = Parameters<typeof styleText>[0];

/** Styled text, or the same text without colors if the layout has none. */
export const styled = (layout: TextLayout, style: Style, text: string): string =>
  layout.color ? styleText(style, text, { validateStream: false }) : text;

/** Longer lines are hard to read, even on a wide terminal. */
const MAX_LINE_WIDTH = 120;
const MIN_LINE_WIDTH = 20;

/**
 * Wraps text at spaces so that it fits the layout behind an indent. A longer word stays in one piece on its own line, so
 * that names, issuers and key IDs can be copied. `firstIndent` replaces the indent of the first line.
 */
export function wrap(layout: TextLayout, indent: string, text: string, firstIndent = indent): string {
  const width = Math.max(MIN_LINE_WIDTH, Math.min(layout.columns, MAX_LINE_WIDTH) - indent.length);
  return fold(text, width)
    .split('\n')
    .map((line, index) => `${index === 0 ? firstIndent : indent}${line}`)
    .join('\n');
}

/** Wraps each line of a text; further lines of a sentence are indented. */
export const wrapLines = (layout: TextLayout, text: string): string =>
  text
    .split('\n')
    .map((line) => wrap(layout, '  ', line, ''))
    .join('\n');

/** Wraps text at spaces. A word that is longer than `width` stays in one piece, and so does a command, so that it can be copied. */
export const fold = (text: string, width: number): string =>
  wrapAnsi(
    text.replace(/\s+/g, ' ').replace(COMMANDS, (command) => command.replaceAll(' ', NO_BREAK)),
    width,
  ).replaceAll(NO_BREAK, ' ');

/** Stands for a space at which a text isn't wrapped. */
const NO_BREAK = '\u00A0';

export { pluralize } from '../model';

/** Replaces the characters of an org or a file that could control the terminal. */
export const escapeControls = (text: string): string => escapeInvisible(text).replaceAll('\r', '\u00B7');
