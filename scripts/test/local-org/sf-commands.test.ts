import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { uploadedKey } from './certificates';
import { loginKey, privateLoginKey } from './client';
import * as sample from './samples';
import { PATHS } from './samples';
import { sfEnvironment, writeProject } from './sf-process';
import type { SfRequest, SfResponse } from './sf-worker.mts';
import { assertTable, supportOf, type Support } from './support-table';

/*
 * Commands of the unmodified CLI, in one process. They run one after another, because later ones depend on earlier ones.
 */
const folder = mkdtempSync(join(tmpdir(), 'sf-commands-'));
const project = join(folder, 'project');
const SIGNER = 'public class Signer {}\n';
const CLASS =
  '<?xml version="1.0" encoding="UTF-8"?>\n<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata">\n    <apiVersion>67.0</apiVersion>\n    <status>Active</status>\n</ApexClass>\n';
const PERMISSION_SET =
  '<?xml version="1.0" encoding="UTF-8"?>\n<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata">\n    <label>Agent</label>\n</PermissionSet>\n';

let org: LocalOrg;
let worker: ChildProcess;

before(async () => {
  org = await startLocalOrg({ alias: 'dev', kind: 'sandbox', port: 0, loginKey, sourceTracking: true });
  writeProject(project, {
    ...sample.verifiedChannel,
    [PATHS.key]: sample.keyXml(await uploadedKey()),
    [PATHS.deployment]: sample.deploymentXml(),
    'classes/Signer.cls': SIGNER,
    'classes/Signer.cls-meta.xml': CLASS,
    'permissionsets/Agent.permissionset': PERMISSION_SET,
  });
  writeFileSync(join(folder, 'login.key'), privateLoginKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  worker = fork(join(__dirname, 'sf-worker.mts'), [], {
    cwd: project,
    env: sfEnvironment(folder),
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
});
after(async () => {
  worker.kill();
  await once(worker, 'exit');
  await org.close();
  rmSync(folder, { recursive: true });
});

/** The parts of results that the checks read. */
interface Result {
  readonly [member: string]: unknown;
  readonly files?: readonly { readonly state: string; readonly fullName: string }[];
  readonly records?: readonly Readonly<Record<string, unknown>>[];
  readonly totalSize?: number;
}

type Check = (result: Result) => boolean;

const isList: Check = (result) => Array.isArray(result);
const succeeds: Check = ({ success }) => success === true;
const hasRows =
  (count: number): Check =>
  ({ totalSize }) =>
    totalSize === count;
const changes =
  (...names: readonly string[]): Check =>
  ({ files = [] }) =>
    names.every((name) => files.some(({ fullName, state }) => fullName === name && state !== 'Unchanged'));

const CHANNEL = ['--sobject', 'MessagingChannel', '--where', 'DeveloperName=Web'];
const query = (soql: string): readonly string[] => ['--query', soql];

/** A command: its group and name, its flags without `--target-org dev`, and a check of its result. */
const COMMANDS: readonly (readonly [command: string, flags: readonly string[], check?: Check])[] = [
  ['project: deploy preview', [], ({ toDeploy }) => (toDeploy as unknown[]).length === 8],
  ['project: deploy start --dry-run', ['--source-dir', 'force-app', '--dry-run'], changes('Web', 'Signer')],
  ['project: deploy start', [], changes('Web', 'Signer', 'Agent')],
  ['project: deploy validate', ['--source-dir', 'force-app', '--test-level', 'RunLocalTests']],
  ['project: deploy report', ['--use-most-recent'], succeeds],
  ['project: retrieve preview', [], ({ toRetrieve }) => (toRetrieve as unknown[]).length === 0],
  ['project: retrieve start --metadata', ['--metadata', 'MessagingChannel:Web'], changes()],
  ['project: generate manifest --from-org', ['--from-org', 'dev', '--metadata', 'MessagingChannel']],
  ['org: display', [], ({ username }) => username === org.username],
  ['org: display user', [], ({ username }) => username === org.username],
  ['org: list users', [], isList],
  ['org: list limits', [], isList],
  ['org: list metadata', ['--metadata-type', 'MessagingChannel'], isList],
  ['org: list metadata-types', [], ({ metadataObjects }) => (metadataObjects as unknown[]).length > 50],
  ['org: list sobject record-counts', [], isList],
  ['org: open --url-only', ['--url-only'], ({ url }) => String(url).includes('/secur/frontdoor.jsp?otp=')],
  ['org: assign permset', ['--name', 'Agent'], ({ successes }) => (successes as unknown[]).length === 1],
  ['org: assign permsetlicense', ['--name', 'Agent']],
  ['org: generate password', []],
  ['data: query', query('SELECT FIELDS(ALL) FROM MessagingChannel LIMIT 10'), hasRows(1)],
  ['data: query (date literal)', query('SELECT Id FROM ApexClass WHERE CreatedDate = TODAY'), hasRows(1)],
  [
    'data: query (assigned permission sets)',
    query('SELECT PermissionSet.Name FROM PermissionSetAssignment'),
    hasRows(1),
  ],
  [
    'data: query (GROUP BY)',
    query('SELECT MessageType, COUNT(Id) FROM MessagingChannel GROUP BY MessageType'),
    hasRows(1),
  ],
  [
    'data: query --use-tooling-api',
    [...query('SELECT Id FROM EmbeddedServiceConfig'), '--use-tooling-api'],
    hasRows(1),
  ],
  [
    'data: query (IN with a query)',
    query('SELECT Id FROM Profile WHERE Id IN (SELECT ProfileId FROM User)'),
    hasRows(1),
  ],
  ['data: query (child records)', query('SELECT Id, (SELECT Id FROM Users) FROM Profile')],
  ['data: search', ['--query', 'FIND {x}']],
  ['data: get record', CHANNEL, ({ DeveloperName }) => DeveloperName === 'Web'],
  ['data: update record', [...CHANNEL, '--values', 'IsActive=true'], succeeds],
  ['data: create record', ['--sobject', 'MessagingChannel', '--values', 'DeveloperName=X']],
  [
    'data: delete record (PermissionSetAssignment)',
    ['--sobject', 'PermissionSetAssignment', '--where', 'IsActive=true'],
    succeeds,
  ],
  [
    'data: export bulk',
    [...query('SELECT Id FROM User'), '--output-file', 'users.csv', '--result-format', 'csv', '--wait', '1'],
  ],
  ['sobject: describe', ['--sobject', 'MessagingChannel'], ({ fields }) => (fields as unknown[]).length > 10],
  ['sobject: list', [], isList],
  ['apex: list log', [], isList],
  ['apex: run test', ['--synchronous']],
  ['package: installed list', [], isList],
  ['project: delete source', ['--metadata', 'ApexClass:Signer', '--no-prompt'], succeeds],
];

const results = new Map<string, Support>();

const SAYS_UNSUPPORTED = /not supported by the local org/;

async function run(command: string, argv: readonly string[]): Promise<Result> {
  worker.send({ command: command.replaceAll(' ', ':'), argv: [...argv, '--json'] } satisfies SfRequest);
  const [{ result, error }] = (await once(worker, 'message')) as [SfResponse];
  if (error !== undefined) throw new Error(error);
  // Some commands report an error in their result.
  if (SAYS_UNSUPPORTED.test(JSON.stringify(result))) throw new Error(JSON.stringify(result));
  return result as Result;
}

test('logs in', async () => {
  const { username, clientId, url } = org;
  const login = ['--username', username, '--client-id', clientId, '--instance-url', url, '--alias', 'dev'];
  const { orgId } = await run('org login jwt', [...login, '--jwt-key-file', join(folder, 'login.key')]);
  assert.equal(orgId, org.orgId);
});

for (const [label, flags, check = () => true] of COMMANDS) {
  const [group = '', name = ''] = label.split(': ');
  test(`sf ${group} ${name} works, or the local org says that it doesn't support it`, async () => {
    const id = `${group} ${name.replace(/ (--|\().*$/, '')}`;
    const target = flags.includes('--from-org') ? [] : ['--target-org', 'dev'];
    const right = await run(id, [...flags, ...target]).then((result) => [check(result), result] as const, supportOf);
    results.set(label, typeof right === 'string' ? right : 'works');
    if (typeof right !== 'string') assert.ok(right[0], JSON.stringify(right[1]));
  });
}

test('README.md lists the commands that work, and those that are not supported', () => assertTable('sf', results));
