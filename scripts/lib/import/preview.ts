import { diffArrays } from 'diff';
import { escapeControls, styled, type TextLayout } from '../report';
import type { ProposedFile } from './proposal';

/** The lines of every proposed file: `-` marks a line to delete and `+` a line to add. */
export const previewText = (layout: TextLayout, files: readonly ProposedFile[]): string =>
  files.map((file) => fileText(layout, file)).join('\n\n');

function fileText(layout: TextLayout, { path, before, after }: ProposedFile): string {
  const title = styled(layout, 'bold', `${escapeControls(path)} (${before === undefined ? 'new' : 'changed'})`);
  const lines = diffLines(linesOf(before ?? ''), linesOf(after)).flatMap(({ value, added, removed }) =>
    value.map((line) => styledLine(layout, `${added ? '+' : removed ? '-' : ' '} ${escapeControls(line)}`)),
  );
  return [title, ...lines].join('\n');
}

/** The time of a comparison grows with the square of the number of differences. Nobody reads more than this line by line. */
const MAX_DIFFERENCES = 5_000;

/** The lines that stay, are removed, and are added. Texts with too many differences are replaced as a whole. */
function diffLines(before: readonly string[], after: readonly string[]): ReturnType<typeof diffArrays<string>> {
  const options = { maxEditLength: MAX_DIFFERENCES };
  const [removed, added] = [
    { value: [...before], removed: true, added: false, count: before.length },
    { value: [...after], removed: false, added: true, count: after.length },
  ];
  return diffArrays([...before], [...after], options) ?? [removed, added];
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function styledLine(layout: TextLayout, text: string): string {
  const line = truncateLine(layout, text);
  if (line.startsWith('+')) return styled(layout, 'green', line);
  return line.startsWith('-') ? styled(layout, 'red', line) : line;
}

/** Keys are longer than a line. The JSON result of the command contains them in full. */
const truncateLine = ({ columns }: TextLayout, line: string): string =>
  line.length > columns ? `${line.slice(0, columns - 1)}…` : line;
