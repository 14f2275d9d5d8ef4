import {
  isDisruptive,
  joinFirstNames,
  sortExpirations,
  type Change,
  type ErrorDetails,
  type Finding,
  type MonitorRun,
  type OrgResult,
} from '../model';
import type { ResultDocument } from './result-document';
import { groupFindings } from './findings';
import { groupChecks } from './group-checks';
import { codeSpan, escapeInElement, escapeMarkdown } from './markdown-escape';
import { splitLabel, formatValue } from './labels';
import { channelLabel, expirationText, trafficCells, trafficRows } from './monitor';
import { pluralize } from './text-layout';
import { resultLabel, checkStateOf, formatUtc, type Report } from './report';
import { headlineOf, type Tone } from './headline';

/** GitHub limits comments to 65,536 characters. The difference leaves room for the note about omitted parts. */
const MAX_LENGTH = 64_000;

const ICONS: Readonly<Record<Tone, string>> = { good: '✅', warning: '⚠️', bad: '❌' };

/** The first line of a report. A pipeline finds its earlier comment by this line. */
export const markdownMarker = (command: string): string => `<!-- user-verification:${command.replace(/\W+/g, '-')} -->`;

/**
 * A report as a comment on a pull request: a marker, the headline, one row per org, then errors, findings, checks and
 * changes. Parts that don't fit the limit of GitHub are omitted and named at the end.
 */
export function markdownText(report: Report): string {
  const { document } = report;
  const { tone, text } = headlineOf(document);
  const head = [
    markdownMarker(document.command),
    `### ${ICONS[tone]} User verification: ${escapeMarkdown(document.command)}`,
    `${escapeMarkdown(text)} ${formatUtc(report.at)}, exit code ${document.exitCode}.`,
  ].join('\n\n');
  return truncateToFit(head, reportBlocks(document));
}

/** A part that is shown completely or not at all. */
interface Block {
  /** Names the part if it is omitted. */
  readonly name: string;
  readonly text: string;
}

function reportBlocks({ command, orgs = [], findings, error, monitor }: ResultDocument): readonly Block[] {
  return [
    ...(error ? [{ name: 'the error', text: errorQuote('Command', error) }] : []),
    ...(orgs.length > 0 ? [{ name: 'the table of orgs', text: orgsTable(orgs, command) }] : []),
    ...(monitor ? monitorBlocks(monitor) : []),
    ...orgs.flatMap((org) =>
      org.error ? [{ name: `the error of ${org.alias}`, text: errorQuote(org.alias, org.error) }] : [],
    ),
    ...(findings.length > 0 ? [{ name: 'the findings', text: findingsBlock(findings) }] : []),
    ...orgs.flatMap((org) => [...checkBlocks(org), ...changeBlocks(org)]),
  ];
}

function truncateToFit(head: string, blocks: readonly Block[]): string {
  let text = head;
  const omitted: string[] = [];
  for (const block of blocks) {
    if (text.length + block.text.length + 2 <= MAX_LENGTH) text += `\n\n${block.text}`;
    else omitted.push(block.name);
  }
  return `${text}${omitted.length > 0 ? `\n\n${omittedNote(omitted)}` : ''}\n`;
}

/** The note itself must fit the limit. */
function omittedNote(names: readonly string[]): string {
  const named = joinFirstNames(names.map((name) => escapeMarkdown(name.slice(0, 60))));
  return `**Omitted because GitHub limits comments to 65,536 characters:** ${named}. For the complete report, add ${codeSpan('--html FILE')} to the command.`;
}

/** The table of a larger fleet would not fit the limit. */
const MAX_ROWS = 250;

function orgsTable(orgs: readonly OrgResult[], command: string): string {
  const rows = orgs
    .slice(0, MAX_ROWS)
    .map((org) =>
      [
        escapeMarkdown(org.alias),
        org.kind,
        org.wave,
        resultCell(org, command),
        org.changes.length,
        org.changes.filter(isDisruptive).length,
      ].join(' | '),
    );
  return [
    '| Org | Kind | Wave | Result | Changes | Disruptive |',
    '| --- | --- | ---: | --- | ---: | ---: |',
    ...rows.map((row) => `| ${row} |`),
    ...(orgs.length > MAX_ROWS ? [`| and ${orgs.length - MAX_ROWS} more | | | | | |`] : []),
  ].join('\n');
}

const STATUS_ICONS: Readonly<Record<OrgResult['status'], string>> = {
  unchanged: '✅',
  changed: '✅',
  planned: '⚠️',
  skipped: '➖',
  failed: '❌',
  unreachable: '❌',
  unknown: '❌',
};

function resultCell(org: OrgResult, command: string): string {
  const { word, tone } = resultLabel(org, command);
  return `${tone ? ICONS[tone] : STATUS_ICONS[org.status]} ${word}`;
}

function monitorBlocks(run: MonitorRun): readonly Block[] {
  const rows = trafficRows(run).map((row) => [row.alias, channelLabel(row), ...trafficCells(row)].map(escapeMarkdown));
  const since = `Chats since ${formatUtc(new Date(run.since))}:`;
  const head = [
    '| Org | Channel | Chats | Verified | Share | Previous days |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
  ];
  const table = [since, '', ...head, ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
  const next = run.orgs.flatMap(({ alias, expirations }) =>
    sortExpirations(expirations)
      .slice(0, 1)
      .map((each) => `- ${escapeMarkdown(alias)}: ${escapeMarkdown(expirationText(each))}`),
  );
  return [
    ...(rows.length > 0 ? [{ name: 'the table of chats', text: table }] : []),
    ...(next.length > 0
      ? [{ name: 'the certificates', text: ['Next certificate to expire:', '', ...next].join('\n') }]
      : []),
  ];
}

const errorQuote = (subject: string, { code: name, what, why, fix }: ErrorDetails): string =>
  `> **${escapeMarkdown(subject)}:** ${escapeMarkdown(what)} ${codeSpan(name)}\n> **Why:** ${escapeMarkdown(why)}\n> **Fix:** ${escapeMarkdown(fix)}`;

/** A part that the reader can expand; the title is HTML. */
const collapsible = (title: string, lines: readonly string[], open = false): string =>
  [`<details${open ? ' open' : ''}><summary>${title}</summary>`, '', ...lines, '', '</details>'].join('\n');

function findingsBlock(findings: readonly Finding[]): string {
  const hasErrors = findings.some(({ severity }) => severity === 'error');
  const lines = groupFindings(findings).map(({ severity, rule, locations, orgs, message, fix }) => {
    const places = locations.map((location) => codeSpan(location)).join(', ');
    const orgList = orgs.length > 1 ? `<br>Orgs: ${escapeMarkdown(orgs.join(', '))}` : '';
    return `- **${severity}** ${codeSpan(rule)} ${places}${orgList}<br>${escapeMarkdown(message)}<br>**Fix:** ${escapeMarkdown(fix)}`;
  });
  return collapsible(`<b>${pluralize(findings.length, 'finding')}</b>`, lines, hasErrors);
}

function checkBlocks({ alias, checks }: OrgResult): readonly Block[] {
  const notPassed = checks.filter((check) => checkStateOf(check) !== 'passed');
  const lines = groupChecks([{ alias, checks }]).map(
    (each) =>
      `- **${each.state}** ${escapeMarkdown(each.checks)} in ${escapeMarkdown(each.locations)}: ${escapeMarkdown(each.detail)}`,
  );
  if (notPassed.length === 0) return [];
  const title = `<b>${escapeInElement(alias)}</b>: ${notPassed.length} of ${pluralize(checks.length, 'check')} not passed`;
  return [{ name: `the checks of ${alias}`, text: collapsible(title, lines, true) }];
}

function changeBlocks({ alias, changes }: OrgResult): readonly Block[] {
  if (changes.length === 0) return [];
  const disruptive = changes.filter(isDisruptive).length;
  const title = `<b>${escapeInElement(alias)}</b>: ${pluralize(changes.length, 'change')}${disruptive > 0 ? `, ${disruptive} disruptive` : ''}`;
  return [{ name: `the changes of ${alias}`, text: collapsible(title, changes.map(changeLine), disruptive > 0) }];
}

const IMPACT_LABELS: Readonly<Record<Change['impact'], string>> = {
  none: '',
  visible: '🟡 **visible** ',
  disruptive: '🔴 **disruptive** ',
};

const ACTION_LABELS = { create: 'added', update: 'changed', delete: 'deleted' } as const;

function changeLine({ component, action, path, from, to, impact, effect }: Change): string {
  const [kind, name] = splitLabel(component);
  const subject = `${IMPACT_LABELS[impact]}${escapeMarkdown(kind)} ${codeSpan(name)}`;
  const change =
    path === ''
      ? ` **${ACTION_LABELS[action]}**`
      : ` ${codeSpan(path)}: ${codeSpan(formatValue(from))} → ${codeSpan(formatValue(to))}`;
  return `- ${subject}${change}${effect === '' ? '' : `<br>${escapeMarkdown(effect)}`}`;
}
