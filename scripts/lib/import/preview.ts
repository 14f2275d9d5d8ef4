import { escapeControls, styled, type TextLayout } from '../report';
import type { ProposedFile } from './proposal';

/** Every file that would be written, line by line: what goes is marked with -, what comes with +. */
export const previewText = (layout: TextLayout, files: readonly ProposedFile[]): string =>
  files.map((file) => fileText(layout, file)).join('\n\n');

function fileText(layout: TextLayout, { path, before, after }: ProposedFile): string {
  const title = styled(layout, 'bold', `${path} (${before === undefined ? 'new' : 'changed'})`);
  const lines = diffLines(linesOf(before ?? ''), linesOf(after));
  return [title, ...lines.map((line) => styledLine(layout, truncateLine(layout, escapeControls(line))))].join('\n');
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function styledLine(layout: TextLayout, line: string): string {
  if (line.startsWith('+')) return styled(layout, 'green', line);
  return line.startsWith('-') ? styled(layout, 'red', line) : line;
}

/** A key is longer than any line; the JSON of the command has it whole. */
const truncateLine = ({ columns }: TextLayout, line: string): string =>
  line.length > columns ? `${line.slice(0, columns - 1)}…` : line;

/** The lines of both texts in order: common ones as they are, others marked. The longest common part stays unmarked. */
function diffLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const common = commonLengths(before, after);
  const lines: string[] = [];
  let [at, to] = [0, 0];
  while (at < before.length || to < after.length) {
    const [left, right] = [before[at], after[to]];
    if (left !== undefined && left === right) [at, to] = [at + 1, lines.push(`  ${left}`) && to + 1];
    else if (
      right === undefined ||
      (left !== undefined && lengthAt(common, at + 1, to) >= lengthAt(common, at, to + 1))
    )
      at = lines.push(`- ${left ?? ''}`) && at + 1;
    else to = lines.push(`+ ${right}`) && to + 1;
  }
  return lines;
}

type Lengths = readonly (readonly number[])[];
const lengthAt = (lengths: Lengths, row: number, column: number): number => lengths[row]?.[column] ?? 0;

/** How many lines the rests of both texts have in common, from every place in them. */
function commonLengths(before: readonly string[], after: readonly string[]): Lengths {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--)
      (lengths[row] as number[])[column] =
        before[row] === after[column]
          ? lengthAt(lengths, row + 1, column + 1) + 1
          : Math.max(lengthAt(lengths, row + 1, column), lengthAt(lengths, row, column + 1));
  return lengths;
}
