import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readKeyProject } from '../../../lib/keys/keyset';
import type { Rotation } from '../../../lib/rotation';
import { keyFactsOf, type JwksKey } from '../../../lib/jwk';
import { orgIdOf, type SeedFile } from '../../../local-org/index';
import { authorization, channel, key, keyset, queue, routing } from '../../commands/import-orgs';
import { FakeSf, type FakeOrgSetup } from '../fake-sf';

const ISSUER = 'https://id.example.com';

export interface KeyFixture {
  readonly folder: string;
  readonly sf: FakeSf;
  readonly rotation: Rotation;
}

/** A project whose keyset `Identity` lists the key `Old`, and orgs (alias -> wave) that contain it. `New` is only in the source. */
export async function keyFixture(parent: string, waves: Readonly<Record<string, number>>): Promise<KeyFixture> {
  const folder = mkdtempSync(join(parent, 'project-'));
  const live = [
    ...[queue(), routing(), channel('Web', authorization('Identity')), keyset('Identity', ISSUER, 'Old')],
    await key('Old', {}, new Date('2099-01-01')),
  ];
  writeSource(folder, [...live, await key('New', {}, new Date('2099-01-01'))]);
  const files = Object.fromEntries(live.map(({ path, content }) => [path, content]));
  for (const [alias, wave] of Object.entries(waves))
    write(
      join(folder, `config/orgs/${alias}.json`),
      JSON.stringify({ orgId: orgIdOf(alias), kind: 'sandbox', wave, channels: ['Web'] }),
    );
  const orgs = Object.keys(waves).map((alias): [string, FakeOrgSetup] => [
    alias,
    { orgId: orgIdOf(alias), files, active: ['Web'] },
  ]);
  return { folder, sf: new FakeSf(Object.fromEntries(orgs)), rotation: rotationOf(folder) };
}

/** A usable key of an endpoint. */
export const servedKey = (kid: string, thumbprint: string): JwksKey => ({
  name: kid,
  kid,
  text: '{}',
  facts: { kid, thumbprint, bits: 2048 },
  unusable: [],
  doubtful: [],
});

function writeSource(folder: string, files: readonly SeedFile[]): void {
  write(
    join(folder, 'sfdx-project.json'),
    JSON.stringify({ packageDirectories: [{ path: 'force-app', default: true }], sourceApiVersion: '67.0' }),
  );
  for (const { path, content } of files) write(join(folder, `force-app/main/default/${path}-meta.xml`), content);
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** The rotation from `Old` to `New`, as it starts. */
function rotationOf(folder: string): Rotation {
  const { components } = readKeyProject(folder).source;
  const identity = (name: string): Rotation['oldKey'] => {
    const { kid = '', thumbprint = '' } = keyFactsOf(components.get(`PublicKeyCertificate:${name}`)) ?? {};
    return { name, kid, thumbprint };
  };
  return {
    keyset: 'Identity',
    delivery: 'uploaded',
    oldKey: identity('Old'),
    newKey: identity('New'),
    compromised: false,
    tokenLifetimeMinutes: 60,
    cacheHours: 72,
    startedAt: '2026-10-01T00:00:00.000Z',
    targets: {},
  };
}
