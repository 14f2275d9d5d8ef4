import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cliEnvironment } from '../../../lib/sf';

const DROPPED = [
  'SF_TARGET_ORG',
  'SFDX_DEFAULTUSERNAME',
  'SF_ORG_INSTANCE_URL',
  'SF_ORG_API_VERSION',
  'NODE_OPTIONS',
  'SF_JWT_KEY',
];
const KEPT = ['HTTPS_PROXY', 'NODE_EXTRA_CA_CERTS', 'SF_USE_GENERIC_UNIX_KEYCHAIN'];

const earlier = { ...process.env };
before(() => [...DROPPED, ...KEPT, 'SF_AUTOUPDATE_DISABLE'].forEach((name) => (process.env[name] = `own ${name}`)));
after(() => {
  for (const name of [...DROPPED, ...KEPT, 'SF_AUTOUPDATE_DISABLE']) {
    if (earlier[name] === undefined) delete process.env[name];
    else process.env[name] = earlier[name];
  }
});

for (const name of DROPPED) {
  test(`${name} of the caller does not reach the CLI`, () => {
    assert.equal(name in cliEnvironment(), false);
  });
}

for (const name of KEPT) {
  test(`${name} of the caller reaches the CLI`, () => {
    assert.equal(cliEnvironment()[name], `own ${name}`);
  });
}

test('the CLI neither updates itself nor reports home, whatever the caller has set', () => {
  const { SF_AUTOUPDATE_DISABLE, SF_DISABLE_TELEMETRY } = cliEnvironment();
  assert.deepEqual([SF_AUTOUPDATE_DISABLE, SF_DISABLE_TELEMETRY], ['true', 'true']);
});

test('the home is the own one unless another is named, on every system', () => {
  assert.equal(cliEnvironment()['HOME'], process.env['HOME']);
  const { HOME, USERPROFILE } = cliEnvironment('/elsewhere');
  assert.deepEqual([HOME, USERPROFILE], ['/elsewhere', '/elsewhere']);
});

test('the environment of this process stays as it is', () => {
  cliEnvironment('/elsewhere');
  assert.equal(process.env['SF_TARGET_ORG'], 'own SF_TARGET_ORG');
  assert.notEqual(process.env['HOME'], '/elsewhere');
});
