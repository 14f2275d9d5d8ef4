import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlanFile } from '../../../lib/plan/parse-plan-file';
import { withDigest } from '../../../lib/plan/digest';

const CHANGE = {
  component: 'Queue:Chat',
  action: 'update',
  path: 'name',
  from: 'A',
  to: 'B',
  impact: 'none',
  effect: '',
};
const QUEUE = ['<?xml version="1.0" encoding="UTF-8"?>', '<Queue>', '    <name>B</name>', '</Queue>', ''];
const STATE = { partial: false, channels: { Web: true }, components: { 'Queue:Chat': QUEUE, 'Queue:Gone': null } };
const ORG = {
  alias: 'dev',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  file: 'config/orgs/dev.json',
  scrt2URL: 'https://dev.my.salesforce-scrt.com',
  changes: [CHANGE],
  to: STATE,
  publish: ['Site'],
  from: STATE,
  fingerprint: '0123456789abcdef',
};
const ERROR = { code: 'org-unreachable', what: 'a', why: 'b', fix: 'c' };
const UNPLANNED = { alias: 'qa', orgId: '00D000000000002EAA', kind: 'production', wave: 2, error: ERROR };
const DOCUMENT = {
  kind: 'plan',
  version: 1,
  createdAt: '2026-11-01T10:00:00.000Z',
  tool: '1.0.0',
  apiVersion: '67.0',
  orgs: [ORG],
  unplanned: [UNPLANNED],
};

const read = (document: object) => parsePlanFile(withDigest(document), 'plan.json', 'plan');
const withOrg = (part: object): object => ({ ...DOCUMENT, orgs: [{ ...ORG, ...part }] });
const withTo = (part: object): object => withOrg({ to: { ...STATE, ...part } });
const withChange = (part: object): object => withOrg({ changes: [{ ...CHANGE, ...part }] });
const withUnplanned = (part: object): object => ({ ...DOCUMENT, unplanned: [{ ...UNPLANNED, ...part }] });

test('reads every part of a plan file', () => {
  const { orgs, ...rest } = read(DOCUMENT);
  const createdAt = new Date('2026-11-01T10:00:00Z');
  assert.deepEqual(
    { kind: rest.kind, createdAt: rest.createdAt, apiVersion: rest.apiVersion, unplanned: rest.unplanned },
    { kind: 'plan', createdAt, apiVersion: '67.0', unplanned: [UNPLANNED] },
  );
  const [org] = orgs;
  const { alias, orgId, kind, wave, file, scrt2URL } = ORG;
  assert.deepEqual(org?.org, { alias, orgId, kind, wave, file, scrt2URL });
  assert.deepEqual(org.changes, [CHANGE]);
  assert.deepEqual(org.transition.publish, ['Site']);
  assert.deepEqual([...org.transition.to.channels], [['Web', true]]);
  assert.deepEqual([...org.transition.to.components.keys()], ['Queue:Chat', 'Queue:Gone']);
  assert.equal(org.transition.to.components.get('Queue:Gone'), null);
  const queue = org.transition.from.components.get('Queue:Chat');
  assert.deepEqual([queue?.type, queue?.fullName, queue?.root.children[0]?.text], ['Queue', 'Chat', 'B']);
});

test('reads an org without a SCRT2 URL', () => {
  const { scrt2URL: _scrt2URL, ...org } = ORG;
  assert.ok(!('scrt2URL' in (read({ ...DOCUMENT, orgs: [org] }).orgs[0]?.org ?? assert.fail())));
});

const VALID: Readonly<Record<string, object>> = {
  'an alias with a dot, an at sign and a hyphen': withOrg({ alias: '9a.b@c-d_e' }),
  'an org ID of 18 characters that ends in digits': withOrg({ orgId: '00Dabcdefghij12345' }),
  'an API version of three digits': { ...DOCUMENT, apiVersion: '100.0' },
  'a component name with a percent sign, a dot and a hyphen': withTo({ components: { 'Queue:a%20b.c-d': null } }),
  'a change without values': withChange({ action: 'create', path: '', from: null, to: null, impact: 'visible' }),
  'a deletion that is disruptive': withChange({ action: 'delete', impact: 'disruptive' }),
  'no orgs': { ...DOCUMENT, orgs: [], unplanned: [] },
};
for (const [title, document] of Object.entries(VALID))
  test(`reads a plan file with ${title}`, () => void read(document));

const INVALID: Readonly<Record<string, readonly [document: object, path: string]>> = {
  'another kind': [{ ...DOCUMENT, kind: 'draft' }, 'kind'],
  'another version': [{ ...DOCUMENT, version: 2 }, 'version'],
  'a date without a time': [{ ...DOCUMENT, createdAt: '2026-11-01' }, 'createdAt'],
  'an API version of one digit': [{ ...DOCUMENT, apiVersion: '7.0' }, 'apiVersion'],
  'an API version of four digits': [{ ...DOCUMENT, apiVersion: '1000.0' }, 'apiVersion'],
  'an API version with a minor part': [{ ...DOCUMENT, apiVersion: '67.01' }, 'apiVersion'],
  'an API version with a prefix': [{ ...DOCUMENT, apiVersion: 'v67.0' }, 'apiVersion'],
  'an API version without a dot': [{ ...DOCUMENT, apiVersion: '67x0' }, 'apiVersion'],
  'a tool that is not a string': [{ ...DOCUMENT, tool: 1 }, 'tool'],
  'an unknown member': [{ ...DOCUMENT, extra: 1 }, 'extra'],
  'an unknown member of an org': [withOrg({ extra: 1 }), 'extra'],
  'an unknown member of a state': [withTo({ extra: 1 }), 'extra'],
  'an unknown member of a change': [withChange({ extra: 1 }), 'extra'],
  'an unknown member of an unplanned org': [withUnplanned({ extra: 1 }), 'extra'],
  'an unknown member of an error': [withUnplanned({ error: { ...ERROR, extra: 1 } }), 'extra'],
  'an error without a fix': [withUnplanned({ error: { code: 'a', what: 'b', why: 'c' } }), 'fix'],
  'an alias that leaves the folder': [withOrg({ alias: '../dev' }), 'alias'],
  'an alias that is an option': [withOrg({ alias: '-dev' }), 'alias'],
  'an alias with a trailing space': [withOrg({ alias: 'dev ' }), 'alias'],
  'an ID of another object': [withOrg({ orgId: '005000000000001EAA' }), 'orgId'],
  'an org ID of 15 characters': [withOrg({ orgId: '00D000000000001' }), 'orgId'],
  'an org ID of 19 characters': [withOrg({ orgId: '00D000000000001EAAA' }), 'orgId'],
  'an org ID with a prefix': [withOrg({ orgId: 'x00D000000000001EAA' }), 'orgId'],
  'an org ID with a quote': [withOrg({ orgId: "00D00000000000'EAA" }), 'orgId'],
  'an unknown kind of org': [withOrg({ kind: 'trial' }), 'orgs[0].kind'],
  'wave 0': [withOrg({ wave: 0 }), 'wave'],
  'wave 1.5': [withOrg({ wave: 1.5 }), 'wave'],
  'a SCRT2 URL without TLS': [withOrg({ scrt2URL: 'http://dev.example' }), 'scrt2URL'],
  'an unknown action': [withChange({ action: 'rename' }), 'action'],
  'an unknown impact': [withChange({ impact: 'big' }), 'impact'],
  'a component of an unknown type': [withChange({ component: 'Flow:Route' }), 'component'],
  'a component that is not a string': [withChange({ component: 1 }), 'component'],
  'a component with a prefix': [withChange({ component: 'xQueue:Chat' }), 'component'],
  'a component without a name': [withChange({ component: 'Queue:' }), 'component'],
  'a component that is a path': [withTo({ components: { 'Queue:../a': null } }), 'to.components'],
  'a channel that is not a developer name': [withTo({ channels: { 'a b': true } }), 'to.channels'],
  'a chat deployment that is not a developer name': [withOrg({ publish: ['a b'] }), 'publish'],
};

for (const [title, [document, path]] of Object.entries(INVALID)) {
  test(`rejects a plan file with ${title}`, () => {
    assert.throws(
      () => read(document),
      (error: { code?: string; exit?: number; why?: string }) => {
        assert.equal(error.code, 'plan-invalid');
        assert.equal(error.exit, 3);
        assert.ok(error.why?.includes(path), error.why);
        return true;
      },
    );
  });
}

test('rejects a plan file with metadata of another type or text that is not XML', () => {
  for (const lines of [['<MessagingChannel/>'], ['<Queue>'], ['']]) {
    assert.throws(() => read(withTo({ components: { 'Queue:Chat': lines } })), {
      code: 'plan-invalid',
      why: /^Queue:Chat: /,
    });
  }
});
