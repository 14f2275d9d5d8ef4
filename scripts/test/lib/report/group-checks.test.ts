import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check } from '../../../lib/model';
import { groupChecks } from '../../../lib/report/group-checks';

const check = (name: string, detail: string, more: Partial<Check> = {}): Check => ({
  name,
  ok: false,
  detail,
  state: 'failed',
  ...more,
});

test('checks with the same detail are one group, with the channels of each org and the names of each check group', () => {
  const orgs = [
    {
      alias: 'dev',
      checks: [
        check('accepted', 'Rejected.', { part: 'acceptance', channel: 'Web' }),
        check('token lifetime', 'Rejected.', { part: 'acceptance', channel: 'Mobile' }),
      ],
    },
    { alias: 'uat', checks: [check('in sync', 'Rejected.', { part: 'configuration', channel: 'Partner' })] },
  ];
  assert.deepEqual(groupChecks(orgs), [
    {
      state: 'failed',
      detail: 'Rejected.',
      checks: 'acceptance (accepted, token lifetime); configuration (in sync)',
      locations: 'dev (Web, Mobile); uat (Partner)',
    },
  ]);
});

test('failed groups come before inconclusive ones, passed checks have none, and a check without group or channel is named alone', () => {
  const checks = [
    check('queue', 'Not read.', { state: 'inconclusive' }),
    check('published', 'Published.', { ok: true, state: 'passed' }),
    check('permissions', 'Missing.'),
    { name: 'identity', ok: false, detail: 'Other org.' },
  ];
  assert.deepEqual(
    groupChecks([{ alias: 'dev', checks }]).map(({ state, checks: names, locations }) => [state, names, locations]),
    [
      ['failed', 'permissions', 'dev'],
      ['failed', 'identity', 'dev'],
      ['inconclusive', 'queue', 'dev'],
    ],
  );
});
