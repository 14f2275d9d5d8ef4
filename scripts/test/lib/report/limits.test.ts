import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { annotationsText } from '../../../lib/report';
import { markdownMarker, markdownText } from '../../../lib/report/markdown';
import { FINDINGS } from './samples';
import { fleetReport, FORMATS, REPORT } from './sample-reports';

for (const orgs of [1, 50, 400, 3000]) {
  test(`a comment about ${orgs} orgs fits the limit of GitHub, and names what it omits`, () => {
    const text = markdownText(fleetReport(orgs));
    assert.ok([...text].length <= 65_536, `${text.length} characters`);
    assert.ok(text.startsWith(`${markdownMarker('plan')}\n`));
    assert.equal(text.includes('Omitted because'), orgs > 50, 'omitted');
    assert.equal(text.split('<details').length, text.split('</details>').length);
    if (orgs > 50) assert.match(text, /add `--html FILE` to the command/);
  });
}

test('a comment has 250 rows at most, and says how many orgs and parts it omits', () => {
  const rows = (text: string): number => text.split('\n').filter((line) => /^\| org/.test(line)).length;
  const [full, tooMany] = [markdownText(fleetReport(250)), markdownText(fleetReport(400))];
  assert.equal(rows(full), 250);
  assert.ok(!full.includes('| and '));
  assert.equal(rows(tooMany), 250);
  assert.match(tooMany, /^\| and 150 more \| \| \| \| \| \|$/m);
  const shown = tooMany.split('<details').length - 1;
  const [, more] =
    /Omitted because GitHub limits comments to 65,536 characters:\*\* (?:the changes of [^,]+, ){8}and (\d+) more\./.exec(
      tooMany,
    ) ?? [];
  assert.equal(Number(more), 400 - shown - 8);
});

test('annotations are at most 10 of each kind, errors first', () => {
  const many = Array.from({ length: 30 }, () => FINDINGS).flat();
  const kinds = annotationsText(many, '')
    .split('\n')
    .map((line) => line.split(' ')[0]);
  assert.deepEqual(kinds, [...['::error', '::warning', '::notice'].flatMap((kind) => Array<string>(10).fill(kind))]);
});

/** The schema of the Jenkins xUnit plugin (junit-10.xsd): the attributes of each element, and its children in any order. */
const SCHEMA: Readonly<Record<string, { readonly has: readonly string[]; readonly in: readonly string[] }>> = {
  testsuites: { has: ['name', 'tests', 'failures', 'errors', 'time'], in: ['testsuite'] },
  testsuite: { has: ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp'], in: ['testcase'] },
  testcase: { has: ['classname', 'name', 'time'], in: ['skipped', 'error', 'failure', 'system-out'] },
  failure: { has: ['message', 'type'], in: [] },
  error: { has: ['message', 'type'], in: [] },
  skipped: { has: ['message'], in: [] },
  'system-out': { has: [], in: [] },
};

test('JUnit XML matches the schema, and its numbers match its cases', () => {
  const root = new DOMParser().parseFromString(FORMATS['report.junit.xml']?.(REPORT) ?? '', 'text/xml').documentElement;
  const all = [root, ...[...(root?.getElementsByTagName('*') ?? [])]].filter((each) => each !== null);
  for (const each of all) {
    const shape = SCHEMA[each.tagName] ?? assert.fail(each.tagName);
    assert.deepEqual([...each.attributes].map(({ name }) => name).sort(), [...shape.has].sort());
    for (const child of elementsOf(each)) assert.ok(shape.in.includes(child.tagName), child.tagName);
  }
  for (const each of all.filter(({ tagName }) => tagName.startsWith('testsuite'))) {
    const inside = (name: string): string => String(each.getElementsByTagName(name).length);
    assert.deepEqual(
      ['tests', 'failures', 'errors'].map((name) => each.getAttribute(name)),
      ['testcase', 'failure', 'error'].map(inside),
    );
  }
});

const elementsOf = (element: Element): readonly Element[] =>
  [...element.childNodes].filter((each): each is Element => each.nodeType === 1);
