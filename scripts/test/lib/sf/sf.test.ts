import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { asToolError } from '../../../lib/errors';
import { hadNoEffect } from '../../../lib/sf';
import { unpack } from '../../../lib/sf/archive';
import { onVirtualTime } from '../virtual-time';
import { fakePool, loginFor, writeArchive, type PoolCall } from './fake-pool';

const ID = '0Af000000000000001';
const TARGET = ['--target-org', 'admin@dev.example'];
const FLAGS = ['--api-version', '67.0', '--json', ...TARGET];
const ok = (result: unknown) => ({ result });
const failure = (name: string, message = '') => ({ error: { name, message } });

/** The lane, command and timeout of the only call. */
const shapeOf = ([call, ...others]: readonly PoolCall[]): readonly unknown[] => {
  assert.equal(others.length, 0);
  return [call?.lane, call?.command, call?.timeout];
};

test('cancel asks for the cancellation of one job and does not wait for it', async () => {
  const { sf, calls } = fakePool(ok({ id: ID }));
  await sf.cancel('dev', ID);
  assert.deepEqual(shapeOf(calls), ['limited', 'project:deploy:cancel', 60_000]);
  assert.deepEqual(calls[0]?.argv, ['--job-id', ID, '--async', '--json', ...TARGET]);
});

test('query returns the records', async () => {
  const { sf, calls } = fakePool(ok({ records: [{ Id: '1' }], totalSize: 1, done: true }));
  assert.deepEqual(await sf.query('dev', 'SELECT Id FROM User'), [{ Id: '1' }]);
  assert.deepEqual(shapeOf(calls), ['limited', 'data:query', 60_000]);
  assert.deepEqual(calls[0]?.argv, ['--query', 'SELECT Id FROM User', ...FLAGS]);
});

test('query uses the Tooling API on request', async () => {
  const { sf, calls } = fakePool(ok({ records: [], totalSize: 0 }));
  await sf.query('dev', 'SELECT Id FROM DeployRequest', true);
  assert.deepEqual(calls[0]?.argv, ['--query', 'SELECT Id FROM DeployRequest', '--use-tooling-api', ...FLAGS]);
});

test('query throws if the CLI returns fewer records than match', async () => {
  const { sf } = fakePool(ok({ records: [{ Id: '1' }], totalSize: 2 }));
  await assert.rejects(sf.query('dev', 'SELECT Id FROM User'), {
    code: 'retrieve-failed',
    what: 'A query in "dev" failed.',
    why: 'The CLI returned 1 of 2 records.',
  });
});

test('query throws cli-bad-output for a response without totalSize', async () => {
  await assert.rejects(fakePool(ok({ records: [] })).sf.query('dev', 'x'), { code: 'cli-bad-output' });
});

test('query is repeated after a lost connection', async () => {
  const { sf, calls } = fakePool(failure('Error', 'read ECONNRESET'), ok({ records: [], totalSize: 0 }));
  await onVirtualTime(() => sf.query('dev', 'x'));
  assert.equal(calls.length, 2);
});

test('retrieve returns the files of the archive and passes the manifest', async () => {
  const { sf, calls, folder } = fakePool(ok({ status: 'Succeeded', messages: [] }));
  writeArchive(folder, { 'package.xml': '<Package/>', 'queues/Chat.queue': '<Queue/>' });
  const files = await sf.retrieve('dev', '<manifest/>');
  assert.deepEqual([...files.keys()].sort(), ['package.xml', 'queues/Chat.queue']);
  assert.equal(readFileSync(join(folder, 'package.xml'), 'utf8'), '<manifest/>');
  assert.deepEqual(shapeOf(calls), ['unbounded', 'project:retrieve:start', 15 * 60_000]);
});

test('retrieve omits components that the org does not have', async () => {
  const problem = "Entity of type 'Queue' named 'Chat' cannot be found";
  const { sf, folder } = fakePool(ok({ messages: { fileName: 'unpackaged/package.xml', problem } }));
  writeArchive(folder, { 'package.xml': '<Package/>' });
  assert.deepEqual([...(await sf.retrieve('dev', 'x')).keys()], ['package.xml']);
});

const REJECTED_RETRIEVES: Readonly<Record<string, readonly [response: object, why: string]>> = {
  'a component was omitted for another reason': [
    { messages: [{ problem: "You do not have access to 'Queue' named 'Chat'" }] },
    "You do not have access to 'Queue' named 'Chat'",
  ],
  'the retrieve failed': [{ status: 'Failed', errorMessage: 'UNKNOWN_EXCEPTION' }, 'UNKNOWN_EXCEPTION'],
  'the retrieve failed without a message': [{ status: 'Failed' }, 'Its status is Failed.'],
};

for (const [name, [response, why]] of Object.entries(REJECTED_RETRIEVES))
  test(`retrieve throws if ${name}`, async () => {
    const { sf, folder } = fakePool(ok(response));
    writeArchive(folder, { 'package.xml': '<Package/>' });
    await assert.rejects(sf.retrieve('dev', 'x'), { code: 'retrieve-failed', why });
  });

test('retrieve throws if the archive is missing, is not a zip, or has no package.xml', async () => {
  const { sf, folder } = fakePool(ok({}));
  await assert.rejects(sf.retrieve('dev', 'x'), { code: 'retrieve-failed' });
  writeFileSync(join(folder, 'org.zip'), '<html>');
  await assert.rejects(sf.retrieve('dev', 'x'), { why: "The retrieved archive can't be read." });
  writeArchive(folder, { 'queues/Chat.queue': '<Queue/>' });
  await assert.rejects(sf.retrieve('dev', 'x'), { why: 'The retrieved archive has no package.xml.' });
});

test('deploy submits the package and returns the job ID', async () => {
  const { sf, calls, folder } = fakePool(ok({ id: ID }));
  assert.equal(await sf.deploy('dev', new Map([['package.xml', '<Package/>']])), ID);
  assert.deepEqual(shapeOf(calls), ['limited', 'project:deploy:start', 180_000]);
  assert.deepEqual(calls[0]?.argv, ['--metadata-dir', join(folder, 'package.zip'), '--async', ...FLAGS]);
  const files = unpack(readFileSync(join(folder, 'package.zip')));
  assert.deepEqual(
    [...files].map(([path, content]) => [path, content.toString()]),
    [['package.xml', '<Package/>']],
  );
});

test('deploy sends its package once, because the org can change during a pause', async () => {
  for (const message of ['read ECONNRESET', 'connect ECONNREFUSED']) {
    const { sf, calls } = fakePool(failure('Error', message), ok({ id: ID }));
    await onVirtualTime(() => assert.rejects(sf.deploy('dev', new Map()), { code: 'org-unreachable' }));
    assert.equal(calls.length, 1);
  }
});

test('report follows a job for the given minutes and waits one minute longer for the response', async () => {
  const { sf, calls } = fakePool(ok({ id: ID, status: 'InProgress', done: false, success: false }));
  assert.equal((await sf.report('dev', ID, 10)).status, 'InProgress');
  assert.deepEqual(shapeOf(calls), ['unbounded', 'project:deploy:report', 11 * 60_000]);
  assert.deepEqual(calls[0]?.argv, ['--job-id', ID, '--wait', '10', '--json', ...TARGET]);
});

for (const active of [true, false])
  test(`setActive sets IsActive of a channel to ${String(active)}`, async () => {
    const { sf, calls } = fakePool(ok({ success: true }));
    await sf.setActive('dev', '0Mj1', active);
    const record = ['--sobject', 'MessagingChannel', '--record-id', '0Mj1', '--values', `IsActive=${String(active)}`];
    assert.deepEqual([calls[0]?.command, calls[0]?.argv], ['data:update:record', [...record, ...FLAGS]]);
  });

for (const queueId of ['00G1', undefined])
  test(`setSessionHandler sets the agent ${queueId ? 'and the fallback queue' : 'alone'} of a channel`, async () => {
    const { sf, calls } = fakePool(ok({ success: true }));
    await sf.setSessionHandler('dev', '0Mj1', { handlerId: '0Xx1', ...(queueId && { queueId }) });
    const values = `SessionHandlerId=0Xx1${queueId ? ' FallbackQueueId=00G1' : ''}`;
    const record = ['--sobject', 'MessagingChannel', '--record-id', '0Mj1', '--values', values];
    assert.deepEqual([calls[0]?.command, calls[0]?.argv], ['data:update:record', [...record, ...FLAGS]]);
  });

test('setActive names the action that failed', async () => {
  const { sf } = fakePool(failure('INSUFFICIENT_ACCESS', 'No.'));
  await assert.rejects(sf.setActive('dev', '0Mj1', true), { code: 'activate-failed', what: /can't be activated/ });
  await assert.rejects(sf.setActive('dev', '0Mj1', false), { code: 'activate-failed', what: /can't be deactivated/ });
});

test('publish sends one POST with API version 67.0', async () => {
  const { sf, calls } = fakePool(ok({ statusCode: 201, body: {} }));
  await sf.publish('dev', '0Nc1');
  const path = 'services/data/v67.0/connect/embeddedservice/embeddedserviceconfig/publish/0Nc1';
  assert.deepEqual(calls[0]?.argv, [path, '--method', 'POST', '--body', '{}', ...TARGET]);
});

test('publish throws for the HTTP status 400 and above, with the body', async () => {
  await fakePool(ok({ statusCode: 299, body: null })).sf.publish('dev', '0Nc1');
  const { sf } = fakePool(ok({ statusCode: 400, body: [{ message: 'It is a draft.' }] }));
  await assert.rejects(sf.publish('dev', '0Nc1'), { code: 'publish-failed', why: '[{"message":"It is a draft."}]' });
});

test('publish is repeated if the org is unavailable', async () => {
  const { sf, calls } = fakePool(ok({ statusCode: 503, body: null }), ok({ statusCode: 200, body: null }));
  await onVirtualTime(() => sf.publish('dev', '0Nc1'));
  assert.equal(calls.length, 2);
});

test('login passes the JWT parameters and never the key itself', async () => {
  const { sf, calls } = fakePool(ok({}));
  await sf.login({ alias: 'dev', username: 'a@b.c', clientId: 'id', url: 'https://x', keyFile: '/key' });
  assert.equal(
    calls[0]?.argv.join(' '),
    '--alias dev --username a@b.c --client-id id --instance-url https://x --jwt-key-file /key --json',
  );
  assert.deepEqual(shapeOf(calls), ['exclusive', 'org:login:jwt', 60_000]);
});

test('all commands for an alias use the login that the alias had first', async () => {
  const { sf, calls, lookups } = fakePool(ok({ records: [], totalSize: 0, id: ID }));
  await Promise.all([sf.query('dev', 'x'), sf.query('dev', 'y'), sf.query('uat', 'z')]);
  await sf.deploy('dev', new Map());
  assert.deepEqual(lookups, ['dev', 'uat']);
  assert.deepEqual(
    calls.map(({ login }) => login),
    ['dev', 'dev', 'uat', 'dev'].map(loginFor),
  );
  for (const { argv, login } of calls) assert.deepEqual(argv.slice(-2), ['--target-org', login?.username]);
  assert.deepEqual(await sf.loginOf('dev'), loginFor('dev'));
});

test('after a login, the commands for its alias use the new login', async () => {
  const { sf, calls, lookups } = fakePool(ok({ records: [], totalSize: 0 }));
  await sf.query('dev', 'x');
  await sf.login({ alias: 'dev', username: 'a@b.c', clientId: 'id', url: 'https://x', keyFile: '/key' });
  await sf.query('dev', 'x');
  assert.deepEqual([lookups, calls[1]?.login], [['dev', 'dev'], undefined]);
});

/** Whether the org certainly did nothing: then a submission counts as not submitted. */
const STOPPED_REQUESTS = { WrongOrg: true, WrongOrgAfterWrite: false };

for (const [name, hadNoEffectExpected] of Object.entries(STOPPED_REQUESTS))
  test(`a request that was stopped with ${name} throws org-mismatch with exit code 4 and is not repeated`, async () => {
    const { sf, calls } = fakePool(failure(name, 'The response redirects to https://b.'));
    const error = await sf.query('dev', 'x').then(() => assert.fail('resolved'), asToolError);
    assert.deepEqual([error.code, error.exit, calls.length], ['org-mismatch', 4, 1]);
    assert.equal(error.why, 'The response redirects to https://b. The request was stopped.');
    assert.match(error.fix, /npx sf org display --target-org dev/);
    assert.equal(hadNoEffect(error), hadNoEffectExpected);
  });

test('publish throws org-mismatch if the org redirects', async () => {
  const { sf } = fakePool(ok({ statusCode: 302, body: null }));
  await assert.rejects(sf.publish('dev', '0Nc1'), { code: 'org-mismatch', exit: 4, why: /HTTP 302/ });
});
