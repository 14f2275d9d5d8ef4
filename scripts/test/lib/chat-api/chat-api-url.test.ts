import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chatApiUrlFor, chatApiUrlOf } from '../../../lib/chat-api';
import { asToolError } from '../../../lib/errors';
import { EMPTY_ORG_SETTINGS, type OrgConfig } from '../../../lib/model';

describe('the SCRT2 URL that follows from an instance URL', () => {
  for (const [instanceUrl, expected] of [
    ['https://acme.my.salesforce.com', 'https://acme.my.salesforce-scrt.com'],
    ['https://acme.my.salesforce.com/', 'https://acme.my.salesforce-scrt.com'],
    ['https://acme--dev.sandbox.my.salesforce.com', 'https://acme--dev.sandbox.my.salesforce-scrt.com'],
    ['https://x.develop.my.salesforce.com', 'https://x.develop.my.salesforce-scrt.com'],
    ['https://x.scratch.my.salesforce.com', 'https://x.scratch.my.salesforce-scrt.com'],
    ['http://127.0.0.1:8701/', 'http://127.0.0.1:8701'],
    ['http://localhost:8701', 'http://localhost:8701'],
    ['http://[::1]:8701/x', 'http://[::1]:8701'],
    ['https://na139.salesforce.com', undefined],
    ['https://login.salesforce.com', undefined],
    ['http://acme.my.salesforce.com', undefined],
    ['https://acme.my.salesforce.com.evil.example', undefined],
    ['https://evil.example/acme.my.salesforce.com', undefined],
    ['no URL', undefined],
  ] as const)
    test(`is ${expected} for ${instanceUrl}`, () => assert.equal(chatApiUrlOf(instanceUrl), expected));
});

const org = (scrt2URL?: string): OrgConfig => ({
  alias: 'uat',
  file: 'config/orgs/uat.json',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  ...EMPTY_ORG_SETTINGS,
  ...(scrt2URL !== undefined && { scrt2URL }),
});

/** The logins of a CLI, by alias. */
const sf = (logins: Readonly<Record<string, string>>) => ({
  loginOf: (alias: string) => Promise.resolve({ username: `admin@${alias}`, instanceUrl: logins[alias] ?? '' }),
});

describe('the SCRT2 URL of an org', () => {
  test('is the one in its org file, without asking the CLI', async () => {
    const failing = { loginOf: () => Promise.reject(new Error('asked')) };
    assert.equal(await chatApiUrlFor(failing, org('https://chat.example.com')), 'https://chat.example.com');
  });

  test('follows from the login with its alias', async () => {
    const logins = sf({ dev: 'https://dev.my.salesforce.com', uat: 'https://uat.my.salesforce.com' });
    assert.equal(await chatApiUrlFor(logins, org()), 'https://uat.my.salesforce-scrt.com');
  });

  test('is unknown without My Domain', async () => {
    const error = async (logins: Readonly<Record<string, string>>) =>
      chatApiUrlFor(sf(logins), org()).then(() => assert.fail('resolved'), asToolError);
    const withoutDomain = await error({ uat: 'https://na1.salesforce.com' });
    assert.equal(withoutDomain.code, 'chat-api-unknown');
    assert.match(withoutDomain.why, /^The login uses https:\/\/na1\.salesforce\.com, which isn't a My Domain URL/);
    assert.match(withoutDomain.fix, /^Add "scrt2URL": .* to config\/orgs\/uat\.json\./);
  });
});
