import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { BROKEN } from './invalid-metadata';
import { uploadedKey } from './certificates';
import { loginKey, privateLoginKey } from './client';
import type { Files } from './package-zip';
import * as sample from './samples';
import { PATHS } from './samples';
import { Sf, sourcePathOf, writeProject } from './sf-process';

const CLASS =
  '<?xml version="1.0" encoding="UTF-8"?>\n<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata">\n    <apiVersion>67.0</apiVersion>\n    <status>Active</status>\n</ApexClass>\n';

const TYPES = [
  'MessagingChannel',
  'PublicKeyCertificate',
  'PublicKeyCertificateSet',
  'Queue',
  'QueueRoutingConfig',
  'EmbeddedServiceConfig',
  'ApexClass',
];

/** The checked part of a command's result. */
interface SfOutput {
  readonly files?: readonly { readonly state: string }[];
  readonly totalSize?: number;
  readonly records?: readonly Readonly<Record<string, unknown>>[];
}

describe('the real sf', { timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'real-sf-'));
  const project = join(folder, 'project');
  const options = { alias: 'dev', kind: 'sandbox', loginKey, stateFile: join(folder, 'dev.json') } as const;
  const sf = new Sf(folder);
  let org: LocalOrg;
  let files: Files;

  before(async () => {
    org = await startLocalOrg({ ...options, port: 0 });
    files = {
      ...sample.verifiedChannel,
      [PATHS.key]: sample.keyXml(await uploadedKey()),
      [PATHS.deployment]: sample.deploymentXml(),
      'classes/Signer.cls': 'public class Signer {}\n',
      'classes/Signer.cls-meta.xml': CLASS,
    };
    writeProject(project, files);
    writeFileSync(join(folder, 'login.key'), privateLoginKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  });
  after(async () => {
    await org.close();
    rmSync(folder, { recursive: true });
  });

  const onDev = async (command: string, ...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await sf.run(project, [
      ...command.split(' '),
      '--target-org',
      'dev',
      '--json',
      ...args,
    ]);
    assert.equal(exitCode, 0, stdout + stderr);
    return (JSON.parse(stdout) as { result: SfOutput }).result;
  };

  test('logs in with a JWT', async () => {
    const login = [
      '--username',
      org.username,
      '--client-id',
      org.clientId,
      '--instance-url',
      org.url,
      '--alias',
      'dev',
    ];
    const { exitCode, stdout, stderr } = await sf.run(project, [
      'org',
      'login',
      'jwt',
      ...login,
      '--jwt-key-file',
      join(folder, 'login.key'),
    ]);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, new RegExp(`Successfully authorized ${org.username} with org ID ${org.orgId}`));
  });

  test('deploys a project and reports each file', async () => {
    const result = await onDev('project deploy start', '--source-dir', 'force-app');
    const deployed = result.files ?? [];
    assert.deepEqual(
      deployed.map(({ state }) => state),
      Object.keys(files).map(() => 'Created'),
    );
  });

  test('retrieves identical files into an empty project', async () => {
    const empty = join(folder, 'empty');
    writeProject(empty, { 'classes/.keep': '' });
    const types = TYPES.flatMap((type) => ['--metadata', type]);
    const { exitCode, stdout } = await sf.run(empty, ['project', 'retrieve', 'start', '--target-org', 'dev', ...types]);
    assert.equal(exitCode, 0, stdout);
    for (const [path, content] of Object.entries(files)) {
      assert.equal(readFileSync(join(empty, 'force-app/main/default', sourcePathOf(path)), 'utf8'), content, path);
    }
  });

  test('prints its error table for invalid metadata', async () => {
    const broken = join(folder, 'broken');
    writeProject(broken, Object.fromEntries(Object.values(BROKEN).map(([path, content]) => [path, content])));
    const { exitCode, stdout, stderr } = await sf.run(
      broken,
      ['project', 'deploy', 'start', '--source-dir', 'force-app', '--target-org', 'dev'],
      { COLUMNS: '400', OCLIF_COLUMNS: '400' },
    );
    assert.equal(exitCode, 1);
    const shown = stdout + stderr;
    assert.match(shown, new RegExp(`Component Failures \\[${Object.keys(BROKEN).length}\\]`));
    // The table wraps long texts.
    const flat = shown.replace(/[│\s]+/g, ' ');
    for (const [what, [, , problem]] of Object.entries(BROKEN)) assert.match(flat, problem, what);
  });

  test('deploys by REST', async () => {
    const args = ['project', 'deploy', 'start', '--source-dir', 'force-app', '--target-org', 'dev', '--json'];
    const { exitCode, stdout } = await sf.run(project, args, { SF_ORG_METADATA_REST_DEPLOY: 'true' });
    assert.equal(exitCode, 0, stdout);
    assert.match(stdout, /"state": "Unchanged"/);
  });

  test('queries the data API and the Tooling API', async () => {
    const channels = await onDev('data query', '--query', 'SELECT DeveloperName, IsActive FROM MessagingChannel');
    assert.deepEqual([channels.totalSize, channels.records?.[0]?.['IsActive']], [1, false]);
    const deployments = await onDev(
      'data query',
      '--use-tooling-api',
      '--query',
      'SELECT DeveloperName FROM EmbeddedServiceConfig',
    );
    assert.equal(deployments.records?.[0]?.['DeveloperName'], 'Web');
  });

  test('activates a channel', async () => {
    await onDev(
      'data update record',
      '--sobject',
      'MessagingChannel',
      '--where',
      "DeveloperName='Web'",
      '--values',
      'IsActive=true',
    );
    assert.equal(org.log.at(-1)?.kind, 'update');
  });

  test('renews its session automatically after a restart of the org', async () => {
    const { port } = org;
    await org.close();
    org = await startLocalOrg({ ...options, port });
    const result = await onDev('data query', '--query', 'SELECT IsActive FROM MessagingChannel');
    assert.equal(result.records?.[0]?.['IsActive'], true);
    assert.deepEqual(org.log.map(({ kind }) => kind).slice(0, 2), ['login', 'query']);
  });
});
