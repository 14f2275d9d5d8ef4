import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { cliEnvironment } from '../../../lib/sf';

/** What the library of the CLI exports about its variables and the settings of `sf config`. */
interface CliLibrary {
  readonly EnvironmentVariable: Readonly<Record<string, string>>;
  readonly SFDX_ALLOWED_PROPERTIES: readonly { readonly key: string; readonly newKey?: string }[];
}

const cliRequire = createRequire(require.resolve('@salesforce/cli'));
const { EnvironmentVariable } = cliRequire('@salesforce/core/envVars') as CliLibrary;
const { SFDX_ALLOWED_PROPERTIES } = cliRequire('@salesforce/core/config') as CliLibrary;

const KEPT = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'SF_USE_GENERIC_UNIX_KEYCHAIN',
  'SFDX_USE_GENERIC_UNIX_KEYCHAIN',
  'SF_AUDIENCE_URL',
  'SFDX_AUDIENCE_URL',
];

/** The variable of each setting of `sf config`, such as SF_ORG_MAX_QUERY_LIMIT for org-max-query-limit. */
const CONFIG_VARIABLES = SFDX_ALLOWED_PROPERTIES.map(
  ({ key, newKey }) => `SF_${(newKey ?? key).toUpperCase().replaceAll('-', '_')}`,
);
/** All variables that the CLI itself lists, with those of its settings. */
const CLI_VARIABLES = [...Object.values(EnvironmentVariable), ...CONFIG_VARIABLES];
const OTHERS = ['NODE_OPTIONS', 'SF_JWT_KEY', 'SFDX_DEFAULTUSERNAME', 'sf_org_max_query_limit'];
const ALL = [...new Set([...KEPT, ...CLI_VARIABLES, ...OTHERS])];

const own = (name: string): string => `own ${name}`;
const original = { ...process.env };
before(() => ALL.forEach((name) => (process.env[name] = own(name))));
after(() => {
  for (const name of ALL) {
    if (original[name] === undefined) delete process.env[name];
    else process.env[name] = original[name];
  }
});

test('the CLI lists its variables, such as the record limit of queries', () => {
  for (const name of ['SF_ORG_MAX_QUERY_LIMIT', 'SF_TARGET_ORG', 'SF_ORG_API_VERSION', 'SF_ORG_METADATA_REST_DEPLOY'])
    assert.ok(CLI_VARIABLES.includes(name), name);
});

test('no variable of the CLI that the caller sets reaches it, except those that find its logins and network', () => {
  const environment = cliEnvironment();
  const reaching = ALL.filter((name) => environment[name] === own(name) && !/^(FORCE|HTTP|NODE)/.test(name));
  assert.deepEqual(reaching.sort(), KEPT.filter((name) => name.startsWith('SF')).sort());
});

for (const name of KEPT)
  test(`${name} of the caller reaches the CLI`, () => {
    assert.equal(cliEnvironment()[name], own(name));
  });

test('NODE_OPTIONS of the caller does not reach the CLI', () => {
  assert.equal(cliEnvironment()['NODE_OPTIONS'], undefined);
});

test('the CLI neither updates itself nor sends telemetry nor limits queries, whatever the caller sets', () => {
  const { SF_AUTOUPDATE_DISABLE, SF_DISABLE_TELEMETRY, SF_ORG_MAX_QUERY_LIMIT } = cliEnvironment();
  assert.deepEqual([SF_AUTOUPDATE_DISABLE, SF_DISABLE_TELEMETRY, SF_ORG_MAX_QUERY_LIMIT], ['true', 'true', '50000']);
});

test('the home folder is the own one by default and the given one otherwise, on every system', () => {
  assert.equal(cliEnvironment()['HOME'], process.env['HOME']);
  const { HOME, USERPROFILE, SF_USE_GENERIC_UNIX_KEYCHAIN } = cliEnvironment('/elsewhere');
  assert.deepEqual([HOME, USERPROFILE, SF_USE_GENERIC_UNIX_KEYCHAIN], ['/elsewhere', '/elsewhere', 'true']);
});

test('the environment of this process stays the same', () => {
  cliEnvironment('/elsewhere');
  assert.equal(process.env['SF_TARGET_ORG'], own('SF_TARGET_ORG'));
  assert.notEqual(process.env['HOME'], '/elsewhere');
});
