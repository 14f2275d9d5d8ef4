import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { signToken } from '../../lib/token';
import { runCheck } from '../../lib/commands/check';
import type { OrgDocument } from '../commands/document-schemas';
import { startFleet, type Fleet } from '../commands/fleet';
import { testContext, type CapturedOutput } from '../commands/run-command';
import { shareWorkspace } from '../commands/workspace';
import { runExplainCommand } from '../commands-verify/run-explain';
import { providerShapes, type OtherToken, type ProviderShape } from '../lib/jwk/provider-shapes';
import { keyPair, type Jwk } from '../lib/jwk/test-keys';
import { runKeysCommand, type KeysCommandFlags, type KeysResult } from './run-keys-command';
import { startEndpoint, type TestEndpoint } from './test-endpoint';

const workspace = shareWorkspace();
const SOURCE = 'force-app/main/default';
const tokens = join(workspace.folder, 'tokens');
mkdirSync(tokens);

/** A provider, the keyset that trusts it, and the channel that uses the keyset. */
interface Provider extends ProviderShape {
  readonly keyset: string;
  /** The path of its discovery document and keys on the endpoint. */
  readonly path: string;
}

let providers: readonly Provider[];
let usable: readonly Provider[];
let fleet: Fleet;
let endpoint: TestEndpoint;
/** The documents that the endpoint serves, by path. */
const served = new Map<string, { readonly document: unknown; readonly headers?: object }>();

before(async () => {
  endpoint = await startEndpoint();
  endpoint.answer = ({ url = '' }, response) => {
    const found = served.get(url);
    if (!found) return void response.writeHead(404).end();
    response
      .writeHead(200, { 'content-type': 'application/json', ...found.headers })
      .end(JSON.stringify(found.document));
  };
  providers = (await providerShapes()).map((shape, index) => ({
    ...shape,
    keyset: shape.name.replace(/\W+/g, '_').replace(/_$/, ''),
    path: `/${index}`,
  }));
  usable = providers.filter(({ usable: kids, problem }) => kids.length > 0 && !problem);
  const { origin } = new URL(endpoint.url);
  for (const { path, issuer, document, headers } of providers) {
    served.set(`${path}/.well-known/openid-configuration`, {
      document: { issuer, jwks_uri: `${origin}${path}/keys` },
    });
    served.set(`${path}/keys`, { document, ...(headers && { headers }) });
  }
  fleet = await startFleet(workspace, { dev: { chatApi: { jwksRefetch: 0 }, config: { channels: ['Web_Chat'] } } });
  const orgFile = JSON.parse(readFileSync(join(fleet.project, 'config/orgs/dev.json'), 'utf8')) as object;
  const channels = usable.map(({ keyset }) => keyset);
  fleet.configure('dev', { ...orgFile, channels, scrt2URL: fleet.org('dev').url });
  usable.forEach(writeProviderSource);
});
after(() => endpoint.close());

/** The keyset of a provider with its public URL, and a channel with a chat deployment that use it. */
function writeProviderSource({ keyset, issuer }: Provider): void {
  const write = (file: string, text: string): void => writeFileSync(join(fleet.project, SOURCE, file), text);
  const copy = (type: string, suffix: string): void => {
    const text = readFileSync(join(fleet.project, SOURCE, type, `Web_Chat.${suffix}-meta.xml`), 'utf8');
    const own = text.replaceAll('Web_Chat', keyset).replace('>Customer<', `>${keyset.slice(0, 40)}<`);
    write(`${type}/${keyset}.${suffix}-meta.xml`, own.replace('>Customer_Identity<', `>${keyset}<`));
  };
  copy('messagingChannels', 'messagingChannel');
  copy('EmbeddedServiceConfig', 'EmbeddedServiceConfig');
  write(
    `PublicKeyCertificateSet/${keyset}.PublicKeyCertificateSet-meta.xml`,
    '<?xml version="1.0" encoding="UTF-8"?>\n<PublicKeyCertificateSet xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
      `    <jwksEndPoint>https://idp.example.com/${keyset}</jwksEndPoint>\n    <jwtIssuer>${issuer}</jwtIssuer>\n` +
      `    <masterLabel>${keyset.slice(0, 40)}</masterLabel>\n    <type>JWKS_URL</type>\n</PublicKeyCertificateSet>\n`,
  );
}

const keys = (flags: KeysCommandFlags): Promise<KeysResult> =>
  runKeysCommand(fleet.project, { allowLoopback: true, ...flags });

/** A token of a customer as the provider signs it, or with the members of another token. */
function tokenOf({ issuer, usable: [kid], signer }: ProviderShape, header: Jwk = {}, claims: Jwk = {}): string {
  const iat = Math.floor(Date.now() / 1000);
  return signToken(
    { alg: signer?.alg ?? 'RS256', kid, ...header } as Parameters<typeof signToken>[0],
    { iss: issuer, sub: 'verification-check', iat, exp: iat + 3600, ...claims },
    keyPair(signer?.pair ?? 'first').privateKey,
  );
}

const textOf = (provider: Provider, other: OtherToken): string =>
  'text' in other ? other.text : tokenOf(provider, other.header, other.claims);

const VERIFY = {
  allowLoopback: true,
  tokenBudget: '1000/1s',
  require: ['acceptance', 'endpoint'],
  tokenCommand: `sh '${join(workspace.folder, 'token.sh')}'`,
};

/** Lets the token command print these tokens, by channel. */
function issueTokens(tokenFor: (provider: Provider) => string): void {
  writeFileSync(join(workspace.folder, 'token.sh'), `read -r token < '${tokens}'/$TOKEN_CHANNEL; echo "$token"\n`);
  for (const provider of usable) writeFileSync(join(tokens, provider.keyset), `${tokenFor(provider)}\n`);
}

/** The checks of a channel that didn't pass. A provider signs no forged tokens, so those that need its signature are inconclusive. */
const notPassed = ({ checks }: OrgDocument, { keyset }: Provider): readonly string[] =>
  checks
    .filter(({ channel, state }) => channel === keyset && state !== 'passed')
    .filter(({ state, detail }) => state !== 'inconclusive' || !detail.includes("didn't sign TOKEN_TO_SIGN"))
    .map(({ part, name, detail }) => `${part}: ${name}: ${detail}`);

describe('keys provider', () => {
  test('knows at least 16 layouts with usable keys', () => assert.ok(usable.length >= 16, String(usable.length)));

  test('reads every discovery document, and writes the URL of a local org into its org file', async () => {
    for (const { name, path, keyset, issuer, problem, usable: kids } of providers) {
      const { origin } = new URL(endpoint.url);
      const flags = { name: `${origin}${path}`, keyset, org: ['dev'], write: true };
      const { exit, shown } = await keys({ verb: 'provider', ...flags });
      const label = `${name}: ${shown}`;
      assert.ok(shown.includes(`  issuer    ${JSON.stringify(issuer)}`), label);
      const works = kids.length > 0 && !problem;
      assert.equal(exit, works ? 0 : 1, label);
      assert.match(shown, works ? /JWKS_URL works/ : /JWKS_URL doesn't work: .*token-server/s, label);
      assert.match(
        shown,
        problem ?? (works ? /^Written: config\/orgs\/dev\.json$/m : /^Nothing was written\.$/m),
        label,
      );
    }
  });
});

test('check accepts the keysets, also with endpoints on the machine of the local org', async () => {
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  const exit = await runCheck(testContext(fleet.project, {}, output));
  assert.equal(exit, 0, output.shown.join('\n'));
});

test('keys check-endpoint passes for every layout and names its usable keys', async () => {
  for (const { name, keyset, usable: kids, headers = {} } of usable) {
    const { exit, shown } = await keys({ verb: 'check-endpoint', name: keyset, org: ['dev'] });
    assert.equal(exit, 0, `${name}: ${shown}`);
    assert.ok(shown.includes(`at least one key: ${kids.length} usable: `), `${name}: ${shown}`);
    assert.equal(
      /max-age=3293198/.test(JSON.stringify(headers)),
      shown.includes('Rotate with --cache-hours 915'),
      name,
    );
  }
});

describe('an org whose channels trust the providers', () => {
  test('is deployed, accepts a token of each provider, and rejects the forged ones', async () => {
    issueTokens((provider) => tokenOf(provider));
    const ran = await fleet.deployAccepted({ ...VERIFY, verify: true });
    for (const provider of usable)
      assert.deepEqual([provider.name, ...notPassed(ran.org('dev'), provider)], [provider.name]);
    assert.equal(ran.exit, 0, ran.shown);
  });

  test('token explain finds nothing in the token of a customer, and says what is wrong with another token', async () => {
    for (const provider of usable) {
      const own = await runExplainCommand(workspace, fleet, tokenOf(provider), { channel: provider.keyset });
      assert.deepEqual(
        [provider.name, own.exit, own.links],
        [provider.name, 0, { [provider.keyset]: null }],
        own.shown,
      );
      const { otherToken } = provider;
      if (!otherToken) continue;
      const other = await runExplainCommand(workspace, fleet, textOf(provider, otherToken), {
        channel: provider.keyset,
      });
      assert.equal(other.exit, 1, provider.name);
      assert.match(other.shown.replace(/\s+/g, ' '), otherToken.explained, provider.name);
    }
  });
});

describe('a provider that rotates its key', () => {
  const NEXT = 'next';
  const next = (): Jwk => ({
    ...keyPair('second').publicKey.export({ format: 'jwk' }),
    kid: NEXT,
    use: 'sig',
    alg: 'RS256',
  });
  const nextToken = (provider: Provider): string =>
    tokenOf({ ...provider, usable: [NEXT], signer: { pair: 'second' } });

  function publish(keysOf: (provider: Provider) => readonly unknown[]): void {
    for (const provider of usable) served.set(`${provider.path}/keys`, { document: { keys: keysOf(provider) } });
  }
  const firstKeys = ({ document }: Provider): readonly unknown[] =>
    (document as { readonly keys: readonly unknown[] }).keys;

  test('has tokens of the old and of the new key accepted while it publishes both', async () => {
    publish((provider) => [...firstKeys(provider), next()]);
    issueTokens((provider) => (usable.indexOf(provider) % 2 === 0 ? nextToken(provider) : tokenOf(provider)));
    const ran = await fleet.run('verify', VERIFY);
    for (const provider of usable)
      assert.deepEqual([provider.name, ...notPassed(ran.org('dev'), provider)], [provider.name]);
  });

  test('has tokens of the old key rejected after it removed that key and caches expired', async () => {
    publish(() => [next()]);
    fleet.org('dev').setChatApi({ jwksCache: 0 });
    issueTokens((provider) => (usable.indexOf(provider) % 2 === 0 ? nextToken(provider) : tokenOf(provider)));
    const ran = await fleet.run('verify', VERIFY);
    for (const [index, provider] of usable.entries()) {
      const failed = notPassed(ran.org('dev'), provider);
      if (index % 2 === 0) assert.deepEqual([provider.name, ...failed], [provider.name]);
      else assert.match(failed.join('\n'), /^acceptance: accepted: /m, provider.name);
    }
  });
});
