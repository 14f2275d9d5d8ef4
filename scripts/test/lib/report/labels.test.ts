import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check, OrgResult, OrgStatus } from '../../../lib/model';
import { mergeFix, replaceAlias } from '../../../lib/report/errors';
import { checkLocation, resultLabel, scopeText } from '../../../lib/report/report';

const check = (change: Partial<Check> = {}): Check => ({ name: 'x', ok: true, detail: '', channel: 'Web', ...change });
const result = (status: OrgStatus, ...checks: readonly Check[]): OrgResult => ({
  alias: 'dev',
  orgId: '',
  kind: 'sandbox',
  wave: 1,
  status,
  changes: [],
  deployIds: [],
  checks,
});

const passed = check();
const inconclusive = check({ ok: false, state: 'inconclusive' });
const ofTheOrg: Check = { name: 'permissions', ok: true, detail: '' };

const LABELS: readonly (readonly [org: OrgResult, command: string, label: ReturnType<typeof resultLabel>])[] = [
  [result('planned'), 'status', { word: 'drifted' }],
  [result('planned'), 'plan', { word: 'planned' }],
  [result('unchanged'), 'status', { word: 'unchanged' }],
  [result('unchanged', ofTheOrg), 'verify', { word: 'unchanged' }],
  [result('unchanged', ofTheOrg, passed), 'verify', { word: 'verified' }],
  [result('changed', passed), 'deploy', { word: 'changed, verified' }],
  [result('unchanged', passed, inconclusive), 'verify', { word: 'inconclusive', tone: 'warning' }],
  [result('changed', inconclusive, passed), 'deploy', { word: 'changed, inconclusive', tone: 'warning' }],
  ...(['failed', 'unreachable', 'unknown', 'skipped'] as const).map(
    (status) => [result(status, passed), 'verify', { word: status }] as const,
  ),
];

for (const [org, command, label] of LABELS)
  test(`${command} labels an org that is ${org.status} with ${org.checks.length} checks as ${label.word}`, () =>
    assert.deepEqual(resultLabel(org, command), label));

test('an org is verified only if checks of a channel passed', () => {
  const words = [[], [ofTheOrg], [inconclusive], [passed, inconclusive]].map(
    (checks) => resultLabel(result('unchanged', ...checks), 'verify').word,
  );
  assert.ok(words.every((word) => word !== 'verified'));
});

test('a check names its chat deployment only if that has another name than the channel', () => {
  assert.equal(checkLocation(check()), 'Web');
  assert.equal(checkLocation(check({ chatDeployment: 'Web' })), 'Web');
  assert.equal(checkLocation(check({ chatDeployment: 'Web_Api' })), 'Web via Web_Api');
  assert.equal(checkLocation(ofTheOrg), undefined);
});

test('a scope adds what all orgs covered, and leaves out what none has', () => {
  const scope = { verifiedChannels: 1, unverifiedChannels: 0, inactiveChannels: 0, chatDeployments: 2 };
  assert.equal(scopeText([]), '');
  assert.equal(scopeText([undefined]), '');
  assert.equal(scopeText([scope, undefined]), ' (1 verified channel, 2 chat deployments)');
  assert.equal(
    scopeText([scope, { ...scope, unverifiedChannels: 1, inactiveChannels: 3 }]),
    ' (2 verified channels, 1 unverified channel, 3 inactive channels, 4 chat deployments)',
  );
});

test('replaces an alias only where it is a whole word', () => {
  const replaced = (text: string, alias = 'dev'): string => replaceAlias(text, alias, 'X');
  assert.equal(replaced('dev, "dev" and dev.'), 'X, X and X.');
  for (const text of ['devs', 'dev-2', 'my.dev', 'a/dev', 'dev/a', 'x-dev', 'develop'])
    assert.equal(replaced(text), text);
  assert.equal(replaced('a+b aab', 'a+b'), 'X aab');
  assert.equal(replaced('text', ''), 'text');
});

test('merges the fix of several orgs into commands that can be run as they are', () => {
  const aliases = ['dev', 'uat', 'prod'];
  assert.equal(mergeFix('Look at dev.', aliases), 'Look at <org>.');
  assert.equal(
    mergeFix('Run: npm run deploy -- --org dev', aliases),
    'Run: npm run deploy -- --org dev --org uat --org prod',
  );
  assert.equal(
    mergeFix('Run: npm run post-refresh -- --org dev', aliases),
    'Run: npm run post-refresh -- --org dev. Do the same for uat and prod.',
  );
  assert.equal(mergeFix('Run: npm run plan -- --all', aliases), 'Run: npm run plan -- --all');
});
