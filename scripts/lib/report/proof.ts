import type { Check, Outcome } from '../model';
import { faultText } from './outcomes';
import { alike, type Alike } from './alike';
import { isProof, placesOf, stateCount, verdictText } from './proof-verdict';
import { safe, styled, wrap, type Page, type Style } from './page';

const GAP = 2;

/**
 * What was proven, the verdict first: then how far each channel of each org is in each part of the proof, and at last, in words,
 * what failed and what was not proven, each text once for all the places it is about.
 */
export const proofText = (page: Page, orgs: readonly Outcome[]): string =>
  [
    verdictText(page, orgs),
    ...tableText(page, orgs),
    ...alike(orgs.map(proofOf)).map((each) => alikeText(page, each)),
  ].join('\n\n');

/** The same, and why orgs came to no proof at all, where nothing else shows it. */
export const verifyText = (page: Page, orgs: readonly Outcome[]): string =>
  [
    proofText(page, orgs),
    ...orgs
      .filter(({ checks }) => !checks.some(({ state }) => state === 'failed'))
      .flatMap(({ alias, error }) =>
        error ? [`${styled(page, 'bold', safe(alias))}\n${faultText(page, error)}`] : [],
      ),
  ].join('\n\n');

const proofOf = ({ alias, checks }: Outcome): Pick<Outcome, 'alias' | 'checks'> => ({
  alias,
  checks: checks.filter(isProof),
});

function alikeText(page: Page, { state, checks, places, detail }: Alike): string {
  const [style, title] = state === 'failed' ? (['red', 'FAILED'] as const) : (['yellow', 'Not proven'] as const);
  return [
    styled(page, style, wrap(page, '', safe(`${title}: ${checks}`))),
    wrap(page, '  ', safe(`in ${places}`)),
    wrap(page, '  ', safe(detail)),
  ].join('\n');
}

/** A cell of the table: how one part came out in one place. */
interface Cell {
  readonly text: string;
  readonly style: Style;
}

/** A channel of an org a line, a part of the proof a column. Names that are too long stand on a line of their own. */
function tableText(page: Page, orgs: readonly Outcome[]): readonly string[] {
  const places = orgs.flatMap(placesOf);
  const parts = [...new Set(orgs.flatMap(({ checks }) => checks.filter(isProof).map(({ part = '' }) => part)))];
  if (places.length === 0) return [];
  const cells = places.map(({ checks }) => parts.map((part) => cellOf(checks.filter((each) => each.part === part))));
  const widths = parts.map((part, at) => GAP + Math.max(part.length, ...cells.map((row) => row[at]?.text.length ?? 0)));
  const label = Math.min(
    Math.max(...places.map(({ name }) => safe(name).length)),
    Math.max(GAP, page.columns - widths.reduce((sum, width) => sum + width, 0)),
  );
  const line = (name: string, row: readonly Cell[]): string => rowText(page, label, widths, name, row);
  const head = line(
    '',
    parts.map((text) => ({ text, style: 'bold' })),
  );
  return [[head, ...places.map(({ name }, at) => line(name, cells[at] ?? []))].join('\n')];
}

function rowText(page: Page, label: number, widths: readonly number[], name: string, row: readonly Cell[]): string {
  const shown = row.map(({ text, style }, at) => ({
    text: styled(page, style, text),
    pad: at === row.length - 1 ? 0 : (widths[at] ?? 0) - GAP - text.length,
  }));
  const cells = shown.map(({ text, pad }) => `${' '.repeat(GAP)}${text}${' '.repeat(pad)}`).join('');
  const title = safe(name);
  if (title.length <= label) return `${title.padEnd(label)}${cells}`;
  return `${wrap(page, '', title)}\n${' '.repeat(label)}${cells}`;
}

/** Whether nothing was looked at, something failed, something is open, or all was proven; with the numbers. */
function cellOf(checks: readonly Check[]): Cell {
  const [all, failed, open] = [checks.length, stateCount(checks, 'failed'), stateCount(checks, 'not proven')];
  if (all === 0) return { text: '-', style: 'dim' };
  if (failed > 0) return { text: `${failed}/${all} FAILED`, style: 'red' };
  if (open === all) return { text: 'not proven', style: 'yellow' };
  return open > 0 ? { text: `${all - open}/${all} proven`, style: 'yellow' } : { text: `${all} ok`, style: 'green' };
}
