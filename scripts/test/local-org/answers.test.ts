import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUESTIONS } from '../../local-org/index';
import type { LocalOrgOptions } from '../../local-org/options';
import { undocumentedBehavior } from '../../local-org/org/org';

const OPTIONS: LocalOrgOptions = { alias: 'dev', kind: 'sandbox', port: 0, loginKey: '' };
const ANSWERS = {
  'bad-token': 'unverified-user',
  'omitted-items': 'kept',
  'web-setup-publishes': 'no',
  aud: 'required',
};

test('answers change the settings, and explicit settings take precedence', () => {
  const answered = undocumentedBehavior(OPTIONS, ANSWERS);
  assert.equal(answered.chatApi.badToken, 'unverified');
  assert.equal(answered.omittedItems, 'kept');
  assert.equal(answered.webDeployments.setupPublishes, 'no');
  assert.equal(answered.assumptions.aud, 'required');
  const options = { ...OPTIONS, chatApi: { badToken: 'reject' }, omittedItems: 'removed' } as const;
  const explicit = undocumentedBehavior(options, ANSWERS);
  assert.deepEqual([explicit.chatApi.badToken, explicit.omittedItems], ['reject', 'removed']);
});

test('without answers, and with those of a later version, nothing changes', () => {
  const defaults = undocumentedBehavior(OPTIONS);
  assert.deepEqual(undocumentedBehavior(OPTIONS, {}), defaults);
  assert.deepEqual(undocumentedBehavior(OPTIONS, { 'a later question': 'yes', aud: 'a later answer' }), defaults);
});

test('the first answer to each question is the default', () => {
  for (const [id, answers] of Object.entries(QUESTIONS)) {
    const [first = ''] = Object.keys(answers);
    assert.deepEqual(undocumentedBehavior(OPTIONS, { [id]: first }), undocumentedBehavior(OPTIONS), id);
  }
});
