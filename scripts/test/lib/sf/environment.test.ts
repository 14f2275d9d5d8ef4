import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cliEnvironment } from '../../../lib/sf';
import { cliSettings, cliVariables } from './cli-definitions';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Variables of the caller that reach the CLI. They find its logins and the network. */
const KEPT = words(`
  HTTP_PROXY HTTPS_PROXY NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED
  SF_USE_GENERIC_UNIX_KEYCHAIN SFDX_USE_GENERIC_UNIX_KEYCHAIN SF_AUDIENCE_URL SFDX_AUDIENCE_URL
`);

/** Variables with a value of this project. */
const SET = words(`
  SF_AUTOUPDATE_DISABLE SF_DISABLE_AUTOUPDATE SF_DISABLE_LOG_FILE SF_DISABLE_TELEMETRY SF_ORG_MAX_QUERY_LIMIT
  SF_SKIP_SCRATCH_ORG_CHECK
`);

/**
 * All other variables that the CLI defines. None of them reaches it. If a version of the CLI has a new variable, a test fails until
 * it is added to one of these lists: to KEPT only if it can't change an answer, the org of a command, or where a request goes.
 */
const REMOVED = words(`
  FORCE_OPEN_URL FORCE_SHOW_SPINNER FORCE_SPINNER_DELAY SFDX_ACCESS_TOKEN SFDX_API_VERSION SFDX_AUTOUPDATE_DISABLE
  SFDX_CONTENT_TYPE SFDX_DEFAULTDEVHUBUSERNAME SFDX_DEFAULTUSERNAME SFDX_DISABLE_AUTOUPDATE SFDX_DISABLE_LOG_FILE
  SFDX_DISABLE_SOURCE_MEMBER_POLLING SFDX_DISABLE_TELEMETRY SFDX_DNS_TIMEOUT SFDX_DOMAIN_RETRY SFDX_ENV
  SFDX_IMPROVED_CODE_COVERAGE SFDX_INSTALLER SFDX_INSTANCE_URL SFDX_JSON_TO_STDOUT SFDX_LAZY_LOAD_MODULES SFDX_LOG_LEVEL
  SFDX_LOG_ROTATION_COUNT SFDX_LOG_ROTATION_PERIOD SFDX_MAX_QUERY_LIMIT SFDX_MDAPI_TEMP_DIR SFDX_NPM_REGISTRY
  SFDX_PRECOMPILE_ENABLE SFDX_PROJECT_AUTOUPDATE_DISABLE_FOR_PACKAGE_CREATE
  SFDX_PROJECT_AUTOUPDATE_DISABLE_FOR_PACKAGE_VERSION_CREATE SFDX_REST_DEPLOY SFDX_S3_HOST
  SFDX_SOURCE_MEMBER_POLLING_TIMEOUT SFDX_SOURCE_TRACKING_BATCH_SIZE SFDX_UPDATE_INSTRUCTIONS SFDX_USE_PROGRESS_BAR
  SF_ACCESS_TOKEN SF_CAPITALIZE_RECORD_TYPES SF_CONTENT_TYPE SF_DISABLE_SOURCE_MEMBER_POLLING SF_DNS_TIMEOUT SF_DOMAIN_RETRY
  SF_ENV SF_IMPROVED_CODE_COVERAGE SF_INSTALLER SF_JSON_TO_STDOUT SF_LAZY_LOAD_MODULES SF_LOG_LEVEL SF_LOG_ROTATION_COUNT
  SF_LOG_ROTATION_PERIOD SF_MDAPI_TEMP_DIR SF_NPM_REGISTRY SF_ORG_API_VERSION SF_ORG_INSTANCE_URL SF_PRECOMPILE_ENABLE
  SF_PROJECT_AUTOUPDATE_DISABLE_FOR_PACKAGE_CREATE SF_PROJECT_AUTOUPDATE_DISABLE_FOR_PACKAGE_VERSION_CREATE SF_PROPAGATORS
  SF_S3_HOST SF_SOURCE_MEMBER_POLLING_TIMEOUT SF_SOURCE_TRACKING_BATCH_SIZE SF_TARGET_DEV_HUB SF_TARGET_ORG
  SF_UPDATE_INSTRUCTIONS SF_USE_PROGRESS_BAR
`);

/** Variables that the CLI and its libraries read without defining them. None of them reaches it. */
const UNDEFINED = words(`
  CODE_BUILDER CODE_BUILDER_STATE FORCE_MEMFS FORCE_SFDC_LOGIN_URL HTTP_TIMEOUT JSFORCE_CONNECTION_REGISTRY LOCATION_BASE_URL
  NODE_ENV NODE_OPTIONS OCLIF_NEXT_VERSION SF_JWT_KEY SF_DATA_DIR SF_METADATA_POLL_ERROR_RETRY_LIMIT sf_target_org
`);

/** The settings of `sf config`. A worker reads none of them from a file; see worker-pool.test.ts. */
const SETTINGS = words(`
  disable-telemetry org-api-version org-capitalize-record-types org-custom-metadata-templates org-instance-url
  org-isv-debugger-sid org-isv-debugger-url org-max-query-limit org-metadata-rest-deploy target-dev-hub target-org
`);

/** The variable of a setting, such as SF_ORG_API_VERSION for org-api-version. */
const variableOf = (setting: string): string => `SF_${setting.toUpperCase().replaceAll('-', '_')}`;

const ALL = [...new Set([...KEPT, ...SET, ...REMOVED, ...UNDEFINED, ...SETTINGS.map(variableOf)])];

const own = (name: string): string => `own ${name}`;
const original = { ...process.env };
before(() => ALL.forEach((name) => (process.env[name] = own(name))));
after(() => {
  for (const name of ALL) {
    if (original[name] === undefined) delete process.env[name];
    else process.env[name] = original[name];
  }
});

test('a decision exists for each variable that the CLI defines', () => {
  assert.deepEqual([...KEPT, ...SET, ...REMOVED].sort(), [...cliVariables()].sort());
});

test('a decision exists for each setting that the CLI and its plugins define', async () => {
  const names = (await cliSettings()).map(({ key, newKey = key }) => newKey);
  assert.deepEqual([...new Set(names)].sort(), [...SETTINGS].sort());
});

test('only the kept variables of the caller reach the CLI', () => {
  const environment = cliEnvironment();
  assert.deepEqual(ALL.filter((name) => environment[name] === own(name)).sort(), [...KEPT].sort());
  const withValue = ALL.filter((name) => environment[name] !== undefined);
  assert.deepEqual(withValue.sort(), [...KEPT, ...SET, 'SF_ORG_METADATA_REST_DEPLOY', 'NODE_ENV'].sort());
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
