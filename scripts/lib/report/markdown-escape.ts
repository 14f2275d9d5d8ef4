import { escapeMarkup, escapeInvisible } from './escape';

/** Nothing that anybody sees, and enough to keep GitHub from taking what stands around it for one thing. */
const WORD_JOINER = '\u2060';

/**
 * Text of a person or an org as Markdown that says just that: no markup, no HTML, no table cell of its own, and nothing
 * that GitHub would link or send a message for (`@name`, `#1`, addresses).
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
    .replace(/(www)\.|(gh)-/gi, (found) => `${found.slice(0, -1)}${WORD_JOINER}${found.slice(-1)}`);

/** Text inside an HTML element of a Markdown page, where no Markdown is read but names and addresses are linked all the same. */
export const escapeInElement = (text: string): string =>
  escapeMarkup(text).replace(/\s+/g, ' ').replace(/@/g, `@${WORD_JOINER}`).replace(/:\/\//g, `:${WORD_JOINER}//`);

/** A value as code, whatever it holds: the fence is longer than any run of backticks in it. Not for tables: a pipe ends a cell. */
export function codeSpan(value: string): string {
  const text = escapeInvisible(value).replace(/\s+/g, ' ');
  const longestRun = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  const pad = /^`|`$|^ .* $|^ *$/.test(text) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}
