import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { ToolError } from '../../../lib/errors';
import { checkAll } from '../../../lib/setup/doctor';
import type { Machine } from '../../../lib/setup/machine';
import type { OrgReader } from '../../../lib/setup/org-checks';
import { documentSchemas } from '../../commands/document-schemas';
import { PROJECT } from '../../gates/list-files';
import { DEV_ID, machine, NOW, readerOf, ROWS } from './fake-machine';

interface Checked {
  readonly exit: number;
  readonly text: string;
  readonly checks: readonly {
    title: string;
    topic: string;
    status: string;
    detail: string;
    fix?: string | undefined;
  }[];
}

async function check(reader: OrgReader, replaced: Partial<Machine> = {}, project = PROJECT): Promise<Checked> {
  const printed = { text: '', json: '' };
  const context = {
    flags: { org: project === PROJECT ? ['dev'] : [], project, json: true },
    layout: { columns: 120, color: false },
    now: NOW,
    print: (text: string) => void (printed.text += `${text}\n`),
    printJson: (text: string) => void (printed.json = text),
  } as Context;
  const exit = await checkAll(context, () => reader, { ...machine, ...replaced });
  const { exitCode, checks } = documentSchemas.doctor.parse(JSON.parse(printed.json));
  assert.equal(exitCode, exit);
  return { exit, text: printed.text, checks };
}

test('passes for a machine, a project, and an org that have everything', async () => {
  const { exit, checks, text } = await check(readerOf());
  assert.deepEqual(
    checks.filter(({ status }) => status !== 'passed'),
    [],
  );
  assert.equal(exit, 0);
  assert.match(text, /passed {3}Login .*admin@example\.com, stored 2026-11-25 \(3 days ago\)/);
  assert.match(text, /Doctor: 15 passed, 0 skipped, 0 failed\. Next: npm run plan\n$/);
});

test('names the Experience Cloud sites on which members can be verified, and the others with their templates', async () => {
  const site = (name: string, template: string) => ({ name, template });
  const [help, shop, generated] = [
    site('Help', 'Help Center'),
    site('Shop', 'Build Your Own (LWR)'),
    site('ESW_A', ''),
  ];
  const detailFor = async (...sites: (typeof help)[]): Promise<string | undefined> => {
    const { checks } = await check(readerOf({}, { experienceSites: () => Promise.resolve(sites) }));
    return checks.find(({ title }) => title === 'Experience sites')?.detail;
  };
  const verified = 'Members can be verified on Help (template Help Center).';
  const others = "Members can't be verified on Shop (template Build Your Own (LWR)).";
  assert.equal(await detailFor(help, shop), `${verified} ${others}`);
  assert.equal(await detailFor(help, generated), verified);
  assert.equal(await detailFor(shop), others);
  assert.equal(await detailFor(generated), undefined);
  const { exit, checks } = await check(readerOf({}, { experienceSites: () => Promise.reject(new Error('no')) }));
  assert.deepEqual([exit, checks.some(({ title }) => title === 'Experience sites')], [0, false]);
});

const notSupported = new ToolError('retrieve-failed', {
  what: 'A query in "dev" failed.',
  fix: 'Run the command again.',
  why: "sObject type 'ServiceChannel' is not supported.",
});
const unreachable = new ToolError('org-unreachable', { what: 'No.', why: 'No.', fix: 'Check the network.' });
const loginMissing = new ToolError('login-missing', { what: 'No login.', why: 'No.', fix: 'Log in.' });

/** What is wrong, the check that fails, a part of its fix, and the exit code. */
const FAILURES: readonly (readonly [
  claim: string,
  title: string,
  fix: RegExp,
  exit: number,
  reader: OrgReader,
  replaced?: Partial<Machine>,
])[] = [
  ['git is not installed', 'git', /Install git/, 1, readerOf(), { git: () => Promise.resolve(undefined) }],
  ['the CLI is not installed', 'Salesforce CLI', /npm ci/, 1, readerOf(), { cliVersion: () => undefined }],
  ['there is no login', 'Login', /Log in/, 4, readerOf({}, { loginOf: () => Promise.reject(loginMissing) })],
  ['the host does not respond', 'Network', /./, 4, readerOf(), { request: () => Promise.reject(new Error('refused')) }],
  ['the clock is behind', 'Clock', /Synchronize/, 1, readerOf(), { now: () => new Date(NOW.getTime() - 120_000) }],
  [
    'the login is of another org',
    'Org ID',
    /post-refresh/,
    4,
    readerOf({ 'FROM Organization': [{ ...ROWS['FROM Organization']?.[0], Id: '00D000000000001AAA' }] }),
  ],
  [
    'the org is production',
    'Org ID',
    /"kind"/,
    4,
    readerOf({ 'FROM Organization': [{ Id: DEV_ID, IsSandbox: false }] }),
  ],
  ['the session is rejected', 'Org ID', /network/, 4, readerOf({ 'FROM Organization': unreachable })],
  [
    'a permission is missing',
    'Permissions',
    /User_Verification_Admin/,
    1,
    readerOf({ 'FROM UserPermissionAccess': [{ PermissionsViewSetup: true }] }),
  ],
  [
    'Omni-Channel is off',
    'Omni-Channel',
    /Omni-Channel Settings/,
    1,
    readerOf({ 'FROM ServiceChannel': notSupported }),
  ],
  ['Messaging is off', 'Messaging', /Messaging Settings/, 1, readerOf({ 'FROM ServiceChannel': [] })],
  ['channels cannot be read', 'Channels', /Check the network/, 1, readerOf({ 'FROM MessagingChannel': unreachable })],
];

for (const [claim, title, fix, exit, reader, replaced] of FAILURES)
  test(`fails only "${title}" with a fix if ${claim}`, async () => {
    const result = await check(reader, replaced);
    const failures = result.checks.filter(({ status }) => status === 'failed');
    assert.ok(failures.length > 0 && failures.every((each) => each.title === title || title === 'Network'), claim);
    assert.equal(failures[0]?.title, title);
    assert.match(failures[0].fix ?? '', fix);
    assert.equal(result.exit, exit);
    assert.match(result.text, /failed \(.*\)\. Fix them, then run: npm run doctor\n$/);
  });

test('skips what a deploy creates, and what a failed login hides, with the reason', async () => {
  const empty = await check(readerOf({ 'FROM MessagingChannel': [], 'FROM EmbeddedServiceConfig': [] }));
  assert.equal(empty.exit, 0);
  assert.deepEqual(
    empty.checks.filter(({ status }) => status === 'skipped').map(({ title }) => title),
    ['Channels', 'Chat deployments'],
  );
  const hidden = await check(readerOf({}, { loginOf: () => Promise.reject(loginMissing) }));
  const skippedChecks = hidden.checks.filter(({ status }) => status === 'skipped');
  assert.ok(skippedChecks.length >= 6 && skippedChecks.every(({ detail }) => detail === 'There is no login.'));
});

test('reports a folder without a project as a failed check, and contacts no org', async () => {
  const reader = readerOf({}, { loginOf: () => assert.fail('no org is contacted') });
  const { exit, checks } = await check(reader, {}, '/');
  assert.equal(exit, 1);
  const failure = checks.find(({ status }) => status === 'failed');
  assert.deepEqual([failure?.title, failure?.topic], ['Source', 'Project']);
});
