import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editedOrgText, newOrgText, type OrgFileEntry } from '../../../lib/import/org-file-text';

const ENTRY: OrgFileEntry = {
  facts: { orgId: '00D000000000001EAA', kind: 'sandbox' } as OrgFileEntry['facts'],
  wave: 2,
  channels: ['Web_Chat'],
  inactive: [],
  include: [],
  existing: [],
  alsoTrusted: [],
  overrides: new Map(),
};

const parse = (text: string): unknown => JSON.parse(text);

test('a new org file has the org ID, the kind, the wave, and only the lists that are not empty', () => {
  const text = newOrgText({ ...ENTRY, existing: ['Queue:Chat'] }, '../org.schema.json');
  assert.deepEqual(parse(text), {
    $schema: '../org.schema.json',
    orgId: '00D000000000001EAA',
    kind: 'sandbox',
    wave: 2,
    channels: ['Web_Chat'],
    existing: ['Queue:Chat'],
  });
  assert.match(text, /\n {2}"channels": \["Web_Chat"\],\n/);
  assert.equal('$schema' in (parse(newOrgText(ENTRY, undefined)) as object), false);
});

test('an import adds to the lists of an org file and keeps its order and its wave', () => {
  const before = '{\n  "orgId": "x",\n  "wave": 7,\n  "channels": ["Old"]\n}\n';
  const text = editedOrgText(before, ENTRY);
  assert.match(text, /"wave": 7,\n {2}"channels": \["Old", "Web_Chat"\]/);
});

test('an import that adds nothing leaves the text as it is', () => {
  const text = '{"channels":["Web_Chat"],   "wave":1}';
  assert.equal(editedOrgText(text, ENTRY), text);
});

test('an import copies no shared list, and extends it if the org has more', () => {
  const shared = { value: { channels: ['Web_Chat'], inactive: ['Other'] }, origins: new Map() };
  const before = '{\n  "orgId": "x"\n}\n';
  assert.equal(editedOrgText(before, { ...ENTRY, inactive: [] }, shared), before);
  const more = { ...ENTRY, channels: ['Mobile_Chat'], inactive: ['Mobile_Chat'] };
  assert.deepEqual(parse(editedOrgText(before, more, shared)), {
    orgId: 'x',
    channels: ['Web_Chat', 'Mobile_Chat'],
    inactive: ['Other', 'Mobile_Chat'],
  });
  const active = { value: { channels: ['Web_Chat'], inactive: ['Web_Chat'] }, origins: new Map() };
  assert.deepEqual(parse(editedOrgText(before, ENTRY, active)), { orgId: 'x', inactive: [] });
});

test('a channel that became active is removed from the inactive channels, and one that became inactive is added', () => {
  const before = '{"channels": ["Web_Chat"], "inactive": ["Web_Chat", "Other"]}';
  assert.deepEqual(parse(editedOrgText(before, ENTRY)), { channels: ['Web_Chat'], inactive: ['Other'] });
  assert.deepEqual(parse(editedOrgText('{"channels": ["Web_Chat"]}', { ...ENTRY, inactive: ['Web_Chat'] })), {
    channels: ['Web_Chat'],
    inactive: ['Web_Chat'],
  });
});

test('a component that is imported is no longer listed as existing, and an empty list is removed', () => {
  const overrides = new Map([['Queue:Chat', undefined]] as const);
  const before = '{"channels": ["Web_Chat"], "existing": ["Queue:Chat"]}';
  assert.deepEqual(parse(editedOrgText(before, { ...ENTRY, overrides })), { channels: ['Web_Chat'] });
});

test('overrides of imported components are replaced, and overrides of other components stay', () => {
  const before = JSON.stringify({
    channels: ['Web_Chat'],
    overrides: { MessagingChannel: { Web_Chat: { masterLabel: 'Old' }, Other: { masterLabel: 'Kept' } } },
  });
  const overrides = new Map([['MessagingChannel:Web_Chat', { masterLabel: 'New' }]] as const);
  assert.deepEqual(parse(editedOrgText(before, { ...ENTRY, overrides })), {
    channels: ['Web_Chat'],
    overrides: { MessagingChannel: { Web_Chat: { masterLabel: 'New' }, Other: { masterLabel: 'Kept' } } },
  });
});
