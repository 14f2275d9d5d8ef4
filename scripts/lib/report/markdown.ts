import { isDisruptive, type Change, type Fault, type Finding, type Outcome } from '../model';
import type { Document } from './document';
import { alike } from './alike';
import { code, inElement, prose } from './markdown-text';
import { partsOf, valueText } from './names';
import { count } from './page';
import { resultOf, stateOf, utc, type Report } from './report';
import { verdictOf, type Tone } from './verdict';

/** GitHub refuses a comment of more than 65,536 characters; the rest is for the note on what was left out. */
const ROOM = 64_000;

const SIGNS: Readonly<Record<Tone, string>> = { good: '✅', attention: '⚠️', bad: '❌' };

/** The first line of every report, by which a pipeline finds the comment that it wrote before. */
export const markdownMarker = (command: string): string => `<!-- user-verification:${command.replace(/\W+/g, '-')} -->`;

/**
 * A report as a comment on a pull request: a marker, the verdict, a line an org, then findings, trouble and changes to unfold. It is
 * never longer than GitHub takes; what does not fit is left out from the end, and told.
 */
export function markdownText(report: Report): string {
  const { document } = report;
  const { tone, headline } = verdictOf(document);
  const head = [
    markdownMarker(document.command),
    `### ${SIGNS[tone]} User verification: ${prose(document.command)}`,
    `${prose(headline)} ${utc(report.at)}, exit code ${document.exitCode}.`,
  ].join('\n\n');
  return fitted(head, blocksOf(document), document.command);
}

/** A part that is shown whole or not at all. */
interface Block {
  /** What is left out when it is not shown. */
  readonly name: string;
  readonly text: string;
}

function blocksOf({ orgs = [], findings, error }: Document): readonly Block[] {
  return [
    ...(error ? [{ name: 'the error', text: faultText('The command', error) }] : []),
    ...(orgs.length > 0 ? [{ name: 'the table of orgs', text: orgsTable(orgs) }] : []),
    ...orgs.flatMap((org) =>
      org.error ? [{ name: `the error of ${org.alias}`, text: faultText(org.alias, org.error) }] : [],
    ),
    ...(findings.length > 0 ? [{ name: 'the findings', text: findingsBlock(findings) }] : []),
    ...orgs.flatMap((org) => [...checkBlocks(org), ...changeBlocks(org)]),
  ];
}

function fitted(head: string, blocks: readonly Block[], command: string): string {
  let text = head;
  const left: string[] = [];
  for (const block of blocks) {
    if (text.length + block.text.length + 2 <= ROOM) text += `\n\n${block.text}`;
    else left.push(block.name);
  }
  return `${text}${left.length > 0 ? `\n\n${leftOut(left, command)}` : ''}\n`;
}

/** Of many names only some, or the note itself would not fit. */
const NAMED = 12;

function leftOut(names: readonly string[], command: string): string {
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  const named = names.slice(0, NAMED).map((name) => prose(name.slice(0, 60)));
  return `**Left out, because a comment has room for 65,536 characters:** ${named.join(', ')}${rest}. All of it is in ${code(`npm run ${command} -- --html FILE`)}.`;
}

/** Of a fleet of thousands only some have a line of their own. */
const ROWS = 250;

function orgsTable(orgs: readonly Outcome[]): string {
  const rows = orgs
    .slice(0, ROWS)
    .map((org) =>
      [
        prose(org.alias),
        org.kind,
        org.wave,
        resultCell(org),
        org.changes.length,
        org.changes.filter(isDisruptive).length,
      ].join(' | '),
    );
  return [
    '| Org | Kind | Wave | Result | Changes | Disruptive |',
    '| --- | --- | ---: | --- | ---: | ---: |',
    ...rows.map((row) => `| ${row} |`),
    ...(orgs.length > ROWS ? [`| and ${orgs.length - ROWS} more | | | | | |`] : []),
  ].join('\n');
}

const RESULTS: Readonly<Record<Outcome['outcome'], string>> = {
  ...{ unchanged: '✅', changed: '✅', planned: '⚠️', skipped: '➖' },
  ...{ failed: '❌', unreachable: '❌', unknown: '❌' },
};

function resultCell(org: Outcome): string {
  const { word, tone } = resultOf(org);
  return `${tone ? SIGNS[tone] : RESULTS[org.outcome]} ${word}`;
}

const faultText = (subject: string, { code: name, what, why, fix }: Fault): string =>
  `> **${prose(subject)}:** ${prose(what)} ${code(name)}\n> ${prose(why)}\n> **What to do:** ${prose(fix)}`;

/** Folded; the heading is HTML. */
const folded = (title: string, lines: readonly string[], open = false): string =>
  [`<details${open ? ' open' : ''}><summary>${title}</summary>`, '', ...lines, '', '</details>'].join('\n');

function findingsBlock(findings: readonly Finding[]): string {
  const isSerious = findings.some(({ severity }) => severity === 'error');
  const lines = findings.map(({ severity, rule, file, line, component, path, message, fix }) => {
    const place = file === '' ? '' : ` ${code(`${file}${line > 0 ? `:${line}` : ''}`)}`;
    const subject = [component, path].filter((part) => part !== '').join(' ');
    return `- **${severity}** ${code(rule)}${place}${subject === '' ? '' : ` ${code(subject)}`}<br>${prose(message)}<br>**What to do:** ${prose(fix)}`;
  });
  return folded(`<b>${count(findings.length, 'finding')}</b>`, lines, isSerious);
}

function checkBlocks({ alias, checks }: Outcome): readonly Block[] {
  const open = checks.filter((check) => stateOf(check) !== 'ok');
  const lines = alike([{ alias, checks }]).map(
    (each) => `- **${each.state}** ${prose(each.checks)} in ${prose(each.places)}: ${prose(each.detail)}`,
  );
  if (open.length === 0) return [];
  const title = `<b>${inElement(alias)}</b>: ${open.length} of ${count(checks.length, 'check')} not ok`;
  return [{ name: `the checks of ${alias}`, text: folded(title, lines, true) }];
}

function changeBlocks({ alias, changes }: Outcome): readonly Block[] {
  if (changes.length === 0) return [];
  const disruptive = changes.filter(isDisruptive).length;
  const title = `<b>${inElement(alias)}</b>: ${count(changes.length, 'change')}${disruptive > 0 ? `, ${disruptive} disruptive` : ''}`;
  return [{ name: `the changes of ${alias}`, text: folded(title, changes.map(changeLine), disruptive > 0) }];
}

const IMPACTS: Readonly<Record<Change['impact'], string>> = {
  none: '',
  notice: '🟡 **customers may notice** ',
  disruptive: '🔴 **disturbs customers** ',
};

function changeLine({ component, action, path, from, to, impact, effect }: Change): string {
  const [kind, name] = partsOf(component);
  const subject = `${IMPACTS[impact]}${prose(kind)} ${code(name)}`;
  const what = path === '' ? ` **${action}**` : ` ${code(path)}: ${code(valueText(from))} → ${code(valueText(to))}`;
  return `- ${subject}${what}${effect === '' ? '' : `<br>${prose(effect)}`}`;
}
