import type { Change, Check, Finding, Outcome } from '../model';
import type { Document } from './document';
import { partsOf, valueText } from './names';
import { stateOf, type Report } from './report';
import { escaped } from './visible';

/** How one case came out. A failure is what was looked for and found, an error what kept us from looking. */
type Ending = 'passed' | 'failure' | 'error' | 'skipped';

interface Case {
  readonly name: string;
  readonly ending: Ending;
  /** One line. */
  readonly message: string;
  /** Type of a failure or an error. */
  readonly type: string;
  readonly text: string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/**
 * A report as JUnit XML, as Jenkins, GitLab, Azure DevOps and GitHub actions read it: one suite for the findings, one an
 * org; a case for the org as a whole, each check and each change. `elapsed` is the time of the whole command in seconds.
 */
export function junitXml({ document, at }: Report, elapsed: number): string {
  const suites = [findingSuite(document), ...(document.orgs ?? []).map((org) => orgSuite(document.command, org))];
  const all = suites.flatMap(({ cases }) => cases);
  const time = Math.max(0, elapsed).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(`User verification: ${document.command}`)}" ${counted(all)} time="${time}">`,
    ...suites.map((suite) => suiteXml(suite, at)),
    '</testsuites>\n',
  ].join('\n');
}

const numberOf = (cases: readonly Case[], ending: Ending): number =>
  cases.filter((each) => each.ending === ending).length;

const counted = (cases: readonly Case[]): string =>
  `tests="${cases.length}" failures="${numberOf(cases, 'failure')}" errors="${numberOf(cases, 'error')}"`;

function suiteXml({ name, cases }: Suite, at: Date): string {
  const timestamp = at.toISOString().slice(0, 19);
  const skipped = numberOf(cases, 'skipped');
  return [
    `  <testsuite name="${attribute(name)}" ${counted(cases)} skipped="${skipped}" time="0" timestamp="${timestamp}">`,
    ...cases.map((each) => caseXml(name, each)),
    '  </testsuite>',
  ].join('\n');
}

function caseXml(suite: string, { name, ending, message, type, text }: Case): string {
  const head = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}" time="0"`;
  if (ending === 'passed' && text === '') return `${head}/>`;
  const inner = {
    passed: `<system-out>${escaped(text)}</system-out>`,
    skipped: `<skipped message="${attribute(message)}"/>`,
    failure: `<failure message="${attribute(message)}" type="${attribute(type)}">${escaped(text)}</failure>`,
    error: `<error message="${attribute(message)}" type="${attribute(type)}">${escaped(text)}</error>`,
  }[ending];
  return `${head}>\n      ${inner}\n    </testcase>`;
}

/** An attribute holds one line; viewers show it as a title. */
const attribute = (text: string): string => escaped(text.replace(/\s+/g, ' '));

const passed = (name: string, text = ''): Case => ({ name, ending: 'passed', message: '', type: '', text });

/** Errors fail; warnings and notes are told and do not. Without findings one case says so, for viewers hide an empty suite. */
function findingSuite({ findings, error }: Document): Suite {
  const cases = [
    ...(error ? [broken('the command', error)] : []),
    ...findings.map(findingCase),
    ...(findings.length === 0 && !error ? [passed('no findings')] : []),
  ];
  return { name: 'source and configuration', cases };
}

function findingCase({ rule, severity, component, path, file, line, message, fix }: Finding): Case {
  const place = `${file}${line > 0 ? `:${line}` : ''}`;
  const name = [rule, partsOf(component).join(' ').trim(), path, place].filter((part) => part !== '').join(' - ');
  const text = `${message}\nFix: ${fix}${place === '' ? '' : `\n${place}`}`;
  return severity === 'error'
    ? { name, ending: 'failure', message, type: rule, text }
    : passed(name, `${severity}: ${text}`);
}

const broken = (name: string, { code, what, why, fix }: NonNullable<Outcome['error']>): Case => ({
  ...{ name, ending: 'error', message: what, type: code },
  text: `${what}\nWhy: ${why}\nFix: ${fix}`,
});

const orgSuite = (command: string, org: Outcome): Suite => ({
  name: org.alias,
  cases: [
    wholeCase(command, org),
    ...org.checks.map(checkCase),
    ...org.changes.map((each) => changeCase(command, each)),
  ],
});

function wholeCase(command: string, { outcome, error }: Outcome): Case {
  const name = `${command}: ${outcome}`;
  if (outcome === 'skipped') return { ...passed(name), ending: 'skipped', message: error?.what ?? 'It was skipped.' };
  return error ? broken(name, error) : passed(name);
}

function checkCase(check: Check): Case {
  const name = ['check', check.part, check.channel, check.name].filter((part) => part !== undefined).join(' - ');
  const state = stateOf(check);
  if (state === 'ok') return passed(name, check.detail);
  if (state === 'not proven') return { ...passed(name), ending: 'skipped', message: `not proven: ${check.detail}` };
  return { name, ending: 'failure', message: check.detail, type: 'check', text: check.detail };
}

/** What a plan would change is what it was asked for; what a status finds changed is drift, and that fails. */
function changeCase(command: string, { component, path, action, from, to, impact, effect }: Change): Case {
  const name = ['change', partsOf(component).join(' '), path === '' ? action : path].join(' - ');
  const values = path === '' ? action : `${valueText(from)} -> ${valueText(to)}`;
  const text = [values, `impact: ${impact}`, effect].filter((line) => line !== '').join('\n');
  return command === 'status' ? { name, ending: 'failure', message: values, type: 'drift', text } : passed(name, text);
}
