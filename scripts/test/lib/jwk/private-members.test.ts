import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJwk } from '../../../lib/jwk';
import { publicJwk, NOW, privateMembers } from './test-keys';

const codesOf = (text: string): readonly string[] => readJwk(text, NOW).problems.map(({ code }) => code);

test('reports private members by name and never by value', async () => {
  const members = privateMembers();
  const { problems } = readJwk(JSON.stringify({ ...(await publicJwk()), ...members }), NOW);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['jwk-private-key'],
  );
  assert.match(problems[0]?.message ?? '', /private members d, p, q, dp, dq, qi\./);
  for (const value of Object.values(members)) assert.ok(!JSON.stringify(problems).includes(String(value)));
});

test('reports one note and no error for a key that the Salesforce key tool wrote', async () => {
  const { problems } = readJwk(JSON.stringify({ ...(await publicJwk()), y: 'y', crv: 'crv', d: 'd', k: 'k' }), NOW);
  assert.deepEqual(
    problems.map(({ code, severity }) => [code, severity]),
    [['jwk-placeholder-members', 'note']],
  );
  assert.match(problems[0]?.message ?? '', /not secrets, are in: y, crv, d, k\.$/);
});

test('reports a duplicate member if a placeholder follows a private member of the same name', async () => {
  const text = JSON.stringify(await publicJwk()).replace('{', '{"d":"c2VjcmV0","\\u0064":"d",');
  assert.deepEqual(codesOf(text), ['jwk-duplicate-member', 'jwk-placeholder-members']);
});
