import type { Change, Check, Finding, OrgResult } from '../model';
import type { ResultDocument } from './result-document';
import { splitLabel, formatValue } from './labels';
import { checkLocation, checkStateOf, findsDrift, type Report } from './report';
import { escapeMarkup } from './escape';

/** The result of a case. A failure is a finding, a failed check or drift; an error is an org that couldn't be processed. */
type CaseResult = 'passed' | 'failure' | 'error' | 'skipped';

interface TestCase {
  readonly name: string;
  readonly result: CaseResult;
  /** One line. */
  readonly message: string;
  /** Type of a failure or an error. */
  readonly type: string;
  readonly text: string;
}

interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/**
 * A report as JUnit XML for Jenkins, GitLab, Azure DevOps and GitHub actions: one suite for the findings and one per org,
 * with a case for the org, each check and each change. `elapsed` is the time of the whole command in seconds.
 */
export function junitXml({ document, at }: Report, elapsed: number): string {
  const suites = [findingSuite(document), ...(document.orgs ?? []).map((org) => orgSuite(document.command, org))];
  const all = suites.flatMap(({ cases }) => cases);
  const time = Math.max(0, elapsed).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeAttribute(`User verification: ${document.command}`)}" ${countAttributes(all)} time="${time}">`,
    ...suites.map((suite) => suiteXml(suite, at)),
    '</testsuites>\n',
  ].join('\n');
}

const countResults = (cases: readonly TestCase[], result: CaseResult): number =>
  cases.filter((each) => each.result === result).length;

const countAttributes = (cases: readonly TestCase[]): string =>
  `tests="${cases.length}" failures="${countResults(cases, 'failure')}" errors="${countResults(cases, 'error')}"`;

function suiteXml({ name, cases }: TestSuite, at: Date): string {
  const timestamp = at.toISOString().slice(0, 19);
  const skipped = countResults(cases, 'skipped');
  return [
    `  <testsuite name="${escapeAttribute(name)}" ${countAttributes(cases)} skipped="${skipped}" time="0" timestamp="${timestamp}">`,
    ...cases.map((each) => caseXml(name, each)),
    '  </testsuite>',
  ].join('\n');
}

function caseXml(suite: string, { name, result, message, type, text }: TestCase): string {
  const head = `    <testcase classname="${escapeAttribute(suite)}" name="${escapeAttribute(name)}" time="0"`;
  if (result === 'passed' && text === '') return `${head}/>`;
  const inner = {
    passed: `<system-out>${escapeMarkup(text)}</system-out>`,
    skipped: `<skipped message="${escapeAttribute(message)}"/>`,
    failure: `<failure message="${escapeAttribute(message)}" type="${escapeAttribute(type)}">${escapeMarkup(text)}</failure>`,
    error: `<error message="${escapeAttribute(message)}" type="${escapeAttribute(type)}">${escapeMarkup(text)}</error>`,
  }[result];
  return `${head}>\n      ${inner}\n    </testcase>`;
}

/** An attribute is one line; viewers show it as a title. */
const escapeAttribute = (text: string): string => escapeMarkup(text.replace(/\s+/g, ' '));

const passed = (name: string, text = ''): TestCase => ({ name, result: 'passed', message: '', type: '', text });

/** Errors fail, warnings and notes pass with their text. Without findings, the suite has one case, because viewers hide empty suites. */
function findingSuite({ findings, error }: ResultDocument): TestSuite {
  const cases = [
    ...(error ? [errorCase('command', error)] : []),
    ...findings.map(findingCase),
    ...(findings.length === 0 && !error ? [passed('no findings')] : []),
  ];
  return { name: 'source and configuration', cases };
}

function findingCase({ rule, severity, component, path, file, line, message, fix }: Finding): TestCase {
  const location = `${file}${line > 0 ? `:${line}` : ''}`;
  const name = [rule, splitLabel(component).join(' ').trim(), path, location].filter((part) => part !== '').join(' - ');
  const text = `${message}\nFix: ${fix}${location === '' ? '' : `\n${location}`}`;
  return severity === 'error'
    ? { name, result: 'failure', message, type: rule, text }
    : passed(name, `${severity}: ${text}`);
}

const errorCase = (name: string, { code, what, why, fix }: NonNullable<OrgResult['error']>): TestCase => ({
  name,
  result: 'error',
  message: what,
  type: code,
  text: `${what}\nWhy: ${why}\nFix: ${fix}`,
});

const orgSuite = (command: string, org: OrgResult): TestSuite => ({
  name: org.alias,
  cases: [orgCase(command, org), ...org.checks.map(checkCase), ...org.changes.map((each) => changeCase(command, each))],
});

function orgCase(command: string, { status, error }: OrgResult): TestCase {
  const name = `${command}: ${status}`;
  if (status === 'skipped')
    return { ...passed(name), result: 'skipped', message: error?.what ?? 'The org was skipped.' };
  return error ? errorCase(name, error) : passed(name);
}

function checkCase(check: Check): TestCase {
  const name = ['check', check.part, checkLocation(check), check.name].filter((part) => part !== undefined).join(' - ');
  const state = checkStateOf(check);
  if (state === 'passed') return passed(name, check.detail);
  if (state === 'inconclusive') return { ...passed(name), result: 'skipped', message: `inconclusive: ${check.detail}` };
  return { name, result: 'failure', message: check.detail, type: 'check', text: check.detail };
}

/** A change that a plan lists passes. A change that a status finds is drift and fails. */
function changeCase(command: string, { component, path, action, from, to, impact, effect }: Change): TestCase {
  const name = ['change', splitLabel(component).join(' '), path === '' ? action : path].join(' - ');
  const values = path === '' ? action : `${formatValue(from)} -> ${formatValue(to)}`;
  const text = [values, `impact: ${impact}`, effect].filter((line) => line !== '').join('\n');
  return findsDrift(command) ? { name, result: 'failure', message: values, type: 'drift', text } : passed(name, text);
}
