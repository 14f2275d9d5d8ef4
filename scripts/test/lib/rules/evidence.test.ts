import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { applyEdits, FILE, findingsIn, validProject, type Files } from './valid-project';

let validFiles: Files;
before(async () => {
  validFiles = await validProject();
});

const evidenceOf = (answer: string): string => {
  const found = { id: 'verified-lifetime', question: 'How long?', observation: 'It did.' };
  return JSON.stringify({ answers: [{ ...found, answer, apiVersion: '67.0', date: '2026-11-28' }] });
};

/** The rules of the findings about a lifetime, with evidence of orgs. */
function rulesFor(minutes: string, evidence: Readonly<Record<string, string>>): readonly string[] {
  const lifetime = /<verifiedUserJwtExpirationTime>\d+</.exec(validFiles[FILE.web] ?? '')?.[0] ?? '';
  const edited = applyEdits(validFiles, { [FILE.web]: [[lifetime, `<verifiedUserJwtExpirationTime>${minutes}<`]] });
  const files = Object.entries(evidence).map(([alias, answer]) => [
    `config/evidence/${alias}.json`,
    evidenceOf(answer),
  ]);
  return findingsIn({ ...edited, ...(Object.fromEntries(files) as Files) })
    .filter(({ rule }) => rule.startsWith('verified-expiration'))
    .map(({ rule }) => rule);
}

const CASES: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  ['300', {}, ['verified-expiration-disputed']],
  ['240', { dev: '240-minutes' }, []],
  ['300', { dev: '360-minutes', prod: '360-minutes' }, []],
  ['400', { dev: '360-minutes', prod: '360-minutes' }, ['verified-expiration']],
  ['300', { dev: '240-minutes', prod: '240-minutes' }, ['verified-expiration']],
  ['4320', { sandbox: '4320-minutes' }, []],
  ['300', { sandbox: 'an answer of a later version' }, ['verified-expiration-disputed']],
];

for (const [minutes, evidence, expected] of CASES)
  test(`${minutes} minutes with the evidence ${JSON.stringify(evidence)}`, () => {
    assert.deepEqual(rulesFor(minutes, evidence), expected);
  });

test('an org with evidence of its own is checked with it, even if another org differs', () => {
  assert.deepEqual(rulesFor('300', { dev: '240-minutes', prod: '4320-minutes' }).toSorted(), [
    'verified-expiration',
    'verified-expiration-disputed',
  ]);
});
