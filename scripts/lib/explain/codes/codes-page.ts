import { npmRun } from '../../model';
import type { CodeExplanation } from './code-text';

/** The page scripts/guides/codes.md. `npm run generate` writes it. */
export const codesPage = (explanations: readonly CodeExplanation[]): string =>
  [
    '# Look up an error or finding',
    `Each error and finding has a code. \`${npmRun('explain', 'CODE')}\` prints the same text. An error ends a command or fails an org. A finding is about source, an org file, a key file, or an org.`,
    ...explanations.flatMap((each, index) => [
      ...(each.code === explanations[index - 1]?.code ? [] : [`## ${each.code}`]),
      itemsOf(each),
    ]),
    '',
  ].join('\n\n');

const itemsOf = ({ kind, severity, cause, example, fix, source }: CodeExplanation): string =>
  [
    `- **${kind === 'error' ? 'Error' : 'Finding'}${severity === undefined ? '' : ` (${severity})`}:** ${escapeMarkdown(cause)}`,
    `- **Example:** ${escapeMarkdown(example)}`,
    `- **Fix:** ${escapeMarkdown(fix)}`,
    ...(source === undefined ? [] : [`- **Source:** ${escapeMarkdown(source)}`]),
  ].join('\n');

/** Texts contain names with underscores, placeholders in angle brackets, and URLs. */
const escapeMarkdown = (text: string): string => text.replace(/[\\`*_<>[\]]/g, '\\$&');
