import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_ORG_SETTINGS, mapOf, parent, type OrgConfig } from '../../../lib/model';
import { unknownComponents } from '../../../lib/project/org-file-findings';

const org: OrgConfig = {
  alias: 'dev',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  file: 'config/orgs/dev.json',
  ...EMPTY_ORG_SETTINGS,
  channels: ['Web_Chta'],
};

test('suggests only channels for an unknown channel', () => {
  const queue = { type: 'Queue', fullName: 'Web_Chta1', root: parent('Queue', []) } as const;
  const channel = { type: 'MessagingChannel', fullName: 'Web_Chat', root: parent('MessagingChannel', []) } as const;
  const fixes = (...components: readonly (typeof queue | typeof channel)[]): readonly string[] =>
    unknownComponents(org, mapOf(components), new Map()).map(({ fix }) => fix);
  assert.deepEqual(fixes(queue, channel), ['Did you mean MessagingChannel:Web_Chat?']);
  assert.doesNotMatch(fixes(queue)[0] ?? '', /Did you mean/);
});
