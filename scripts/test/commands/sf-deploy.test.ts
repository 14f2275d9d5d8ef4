import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { startLocalOrg } from '../../local-org/index';
import { Sf } from '../local-org/sf-process';
import { isNoWebDeployment, ROOT } from './fleet';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const PACKAGES = ['force-app', 'member-site'];
const SOURCE = 'main/default';
const ALL = [
  ...['ApexClass', 'CorsWhitelistOrigin', 'CustomLabels', 'CustomMetadata', 'CustomObject', 'EmbeddedServiceConfig'],
  ...['Layout', 'LightningComponentBundle', 'MessagingChannel', 'PermissionSet', 'PublicKeyCertificate'],
  ...['PublicKeyCertificateSet', 'Queue', 'QueueRoutingConfig', 'StaticResource'],
];

/** Text of each file that is deployed, of all package directories. Component tests aren't deployed. */
const sourceIn = (project: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    PACKAGES.map((name) => join(project, name, SOURCE))
      .flatMap((folder) => filesBelow(folder))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

const filesBelow = (folder: string): readonly (readonly [path: string, text: string])[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__tests__') && isNoWebDeployment(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(folder, path), readFileSync(path, 'utf8')]);

test('deploys this repository to an empty org with the plain sf CLI and retrieves identical files', async () => {
  const org = await startLocalOrg({ alias: 'empty', kind: 'sandbox', port: 0, loginKey: workspace.loginKey });
  workspace.onCleanup(() => org.close());
  const sf = new Sf(workspace.folder);
  const [here, copy] = [join(workspace.folder, 'here'), join(workspace.folder, 'copy')];
  for (const project of [here, copy]) {
    for (const name of PACKAGES) mkdirSync(join(project, name, SOURCE), { recursive: true });
    for (const file of ['sfdx-project.json', '.forceignore']) cpSync(join(ROOT, file), join(project, file));
  }
  for (const name of PACKAGES)
    cpSync(join(ROOT, name), join(here, name), { recursive: true, filter: isNoWebDeployment });
  await workspace.logIn(org);
  const run = async (project: string, ...argv: readonly string[]): Promise<void> => {
    const { exitCode, stdout, stderr } = await sf.run(project, ['project', ...argv, '--target-org', 'empty', '--json']);
    assert.equal(exitCode, 0, stdout + stderr);
  };
  await run(here, 'deploy', 'start', ...PACKAGES.flatMap((name) => ['--source-dir', name]));
  writeFileSync(join(copy, 'package.xml'), manifest());
  await run(copy, 'retrieve', 'start', '--manifest', 'package.xml');
  assert.deepEqual(sourceIn(copy), sourceIn(ROOT));
});

const manifest = (): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<Package xmlns="http://soap.sforce.com/2006/04/metadata">
${ALL.map((type) => `    <types><members>${type === 'CustomObject' ? 'Customer_Identity_Setting__mdt' : '*'}</members><name>${type}</name></types>`).join('\n')}
    <version>67.0</version>
</Package>
`;
