import assert from 'node:assert/strict';
import fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { importModule } from './import-module';

test('the CLI reads a variable, builds its registry, and resolves a path once, with the same results', async (t) => {
  const { speedUpCli } = await importModule<typeof import('../../../lib/sf/speed-up-cli.mts')>(
    join(__dirname, '../../../lib/sf/speed-up-cli.mts'),
  );
  const { realpath } = fs;
  t.after(() => (fs.realpath = realpath));
  const calls: string[] = [];
  class EnvVars {
    readonly known = { 'SF_org-api-version': '67.0' } as Readonly<Record<string, string>>;
    getPropertyFromEnv(property: string, prefix = 'SF_'): unknown {
      calls.push(`${prefix}${property}`);
      return this.known[`${prefix}${property}`];
    }
  }
  const variants = { getEffectiveRegistry: () => calls.push('registry') };
  speedUpCli(((name: string) => (name.endsWith('variants') ? variants : { EnvVars })) as unknown as NodeJS.Require);

  const read = (): readonly unknown[] => [
    new EnvVars().getPropertyFromEnv('org-api-version'),
    new EnvVars().getPropertyFromEnv('org-api-version', 'SFDX_'),
    variants.getEffectiveRegistry(),
  ];
  assert.deepEqual([read(), read()], Array(2).fill(['67.0', undefined, 3]));
  assert.deepEqual(calls, ['SF_org-api-version', 'SFDX_org-api-version', 'registry']);
  assert.equal(await promisify(fs.realpath)(`${__dirname}/../sf`), await promisify(realpath)(__dirname));
  await assert.rejects(promisify(fs.realpath)(join(__dirname, 'missing')), { code: 'ENOENT' });
  assert.notEqual(fs.realpath, realpath);
});
