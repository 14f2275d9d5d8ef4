import { escapeMarkup, escapeInvisible } from './escape';

/** An invisible character that keeps GitHub from linking the text around it. */
const WORD_JOINER = '\u2060';

/**
 * Text as one line of Markdown without markup, HTML or table cells, and without anything that GitHub links or notifies
 * (`@name`, `#1`, URLs).
 * https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
export const escapeMarkdown = (text: string): string =>
  escapeInvisible(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]#|~$]/g, (sign) => `\\${sign}`)
    .replace(/^(\d*)([-+=.)])/, '$1\\$2')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, `@${WORD_JOINER}`)
    .replace(/\\#/g, `\\#${WORD_JOINER}`)
    .replace(/:\/\//g, `:${WORD_JOINER}//`)
    .replace(/(www)\.|(gh)-/gi, (match) => `${match.slice(0, -1)}${WORD_JOINER}${match.slice(-1)}`);

/** Text inside an HTML element of Markdown. Markdown doesn't apply there, but GitHub still links names and URLs. */
export const escapeInElement = (text: string): string =>
  escapeMarkup(text).replace(/\s+/g, ' ').replace(/@/g, `@${WORD_JOINER}`).replace(/:\/\//g, `:${WORD_JOINER}//`);

/** A value as inline code with a fence that is longer than any run of backticks in it. Don't use it in tables: a pipe ends the cell. */
export function codeSpan(value: string): string {
  const text = escapeInvisible(value).replace(/\s+/g, ' ');
  const longestRun = [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 0);
  const fence = '`'.repeat(longestRun + 1);
  const pad = /^`|`$|^ .* $|^ *$/.test(text) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}
