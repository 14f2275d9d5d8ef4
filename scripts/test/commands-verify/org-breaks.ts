import type { ChainStepName } from '../../lib/explain';
import type { LocalOrg } from '../../local-org/index';
import { editInSetup } from '../commands/fleet';
import type { Jwk } from '../lib/jwk/test-keys';
import type { Admin } from './admin';
import { DEV_ISSUER, KEY_FILE, KID } from './test-orgs';

/** The org to break, and the resources for it. */
export interface BreakContext {
  readonly org: LocalOrg;
  readonly admin: Admin;
  /** The key of the test orgs, another key, and a key with an expired certificate. */
  readonly jwk: Jwk;
  readonly other: Jwk;
  readonly expired: Jwk;
  /** A JWKS endpoint. */
  readonly endpoint: { readonly url: string; serve(document: unknown): void };
}

/** One way to break the chain in an org. Files are restored by the test. `undo` restores everything else. */
export interface OrgBreak {
  readonly name: string;
  readonly link: ChainStepName;
  readonly apply: (scene: BreakContext) => void | Promise<void>;
  readonly undo?: (scene: BreakContext) => void | Promise<void>;
}

const KEYSET = 'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet';
const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const DEPLOYMENT = 'EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig';
const JWK = /(?<=<jsonWebKey>)[\s\S]*(?=<\/jsonWebKey>)/;
const AUTHORIZATION = /<messagingAuthorizations>[\s\S]*<\/messagingAuthorizations>/;

const replaceText =
  (path: string, from: string | RegExp, to: string) =>
  ({ org }: BreakContext): void =>
    editInSetup(org, path, from, to);

const replaceKey =
  (jwk: (scene: BreakContext) => unknown) =>
  (scene: BreakContext): void =>
    editInSetup(
      scene.org,
      KEY_FILE,
      JWK,
      typeof jwk(scene) === 'string' ? String(jwk(scene)) : JSON.stringify(jwk(scene)),
    );

/** Changes the keyset to an endpoint that serves `document`. */
const useEndpoint =
  (document: (scene: BreakContext) => unknown) =>
  (scene: BreakContext): void => {
    scene.endpoint.serve(document(scene));
    const listed = /<publicKeyCertificateSetKeys>[\s\S]*<\/publicKeyCertificateSetKeys>/;
    editInSetup(scene.org, KEYSET, listed, `<jwksEndPoint>${scene.endpoint.url}</jwksEndPoint>`);
    editInSetup(scene.org, KEYSET, '<type>JWKS</type>', '<type>JWKS_URL</type>');
  };

export const ORG_BREAKS: readonly OrgBreak[] = [
  {
    name: 'the key is not active',
    link: 'key-active',
    apply: replaceText(KEY_FILE, '<isActive>true', '<isActive>false'),
  },
  {
    name: 'the key has no isActive element',
    link: 'key-active',
    apply: replaceText(KEY_FILE, /<isActive>true<\/isActive>/, ''),
  },
  { name: 'the key has no certificate', link: 'key-fit', apply: replaceKey(({ jwk: { x5c: _, ...rest } }) => rest) },
  { name: 'the certificate of the key has expired', link: 'key-fit', apply: replaceKey(({ expired }) => expired) },
  {
    name: 'the certificate is for another key',
    link: 'key-fit',
    apply: replaceKey(({ jwk, other }) => ({ ...jwk, x5c: other['x5c'] })),
  },
  {
    name: 'another key has the kid',
    link: 'signature',
    apply: replaceKey(({ other }) => ({ ...other, kid: KID })),
  },
  {
    name: 'the key is declared for RS512',
    link: 'signature',
    apply: replaceKey(({ jwk }) => ({ ...jwk, alg: 'RS512' })),
  },
  { name: 'the key has another kid', link: 'key', apply: replaceKey(({ jwk }) => ({ ...jwk, kid: 'renamed' })) },
  {
    name: 'the kid of the key is in upper case',
    link: 'key',
    apply: replaceKey(({ jwk }) => ({ ...jwk, kid: KID.toUpperCase() })),
  },
  { name: 'the key is not JSON', link: 'key', apply: replaceKey(() => '{"kid": "stand-key"') },
  {
    name: 'the keyset does not list the key',
    link: 'keyset',
    apply: replaceText(
      KEYSET,
      /<publicKeyCertificateSetKeys>\s*<publicKeyCertificate>Customer_Identity_2026_A<\/publicKeyCertificate>\s*<\/publicKeyCertificateSetKeys>/,
      '',
    ),
  },
  {
    name: 'the issuer of the keyset has an additional slash',
    link: 'issuer',
    apply: replaceText(KEYSET, `${DEV_ISSUER}<`, `${DEV_ISSUER}/<`),
  },
  {
    name: 'the issuer of the keyset has an uppercase letter',
    link: 'issuer',
    apply: replaceText(KEYSET, DEV_ISSUER, DEV_ISSUER.replace('id.', 'ID.')),
  },
  {
    name: 'the issuer of the keyset is an http URL',
    link: 'issuer',
    apply: replaceText(KEYSET, 'https://id', 'http://id'),
  },
  {
    name: 'the user verification configuration is disabled',
    link: 'enabled',
    apply: replaceText(CHANNEL, '<enabled>true', '<enabled>false'),
  },
  {
    name: 'the user verification configuration has no enabled element',
    link: 'enabled',
    apply: replaceText(CHANNEL, /<enabled>true<\/enabled>/, ''),
  },
  {
    name: 'the channel has no user verification configuration',
    link: 'configuration',
    apply: replaceText(CHANNEL, AUTHORIZATION, ''),
  },
  {
    name: 'the user verification configuration has another keyset',
    link: 'configuration',
    apply: replaceText(CHANNEL, '>Customer_Identity<', '>Another_Keyset<'),
  },
  {
    name: 'embeddedConfig is missing, as after a deploy with an API version below 62.0',
    link: 'configuration',
    apply: replaceText(CHANNEL, /<embeddedConfig>[\s\S]*<\/embeddedConfig>/, ''),
  },
  { name: 'user verification is off', link: 'mode', apply: replaceText(CHANNEL, '>Auth<', '>UnAuth<') },
  {
    name: 'the channel is not active',
    link: 'channel',
    apply: ({ admin }) => admin.setActive('Web_Chat', false),
    undo: ({ admin }) => admin.setActive('Web_Chat', true),
  },
  {
    name: 'the chat deployment is turned off',
    link: 'deployment',
    apply: replaceText(DEPLOYMENT, /<isEnabled>true(<\/isEnabled>\s*<isTerms)/, '<isEnabled>false</isEnabled><isTerms'),
  },
  {
    name: 'the channel is turned off in the chat deployment',
    link: 'deployment',
    apply: replaceText(DEPLOYMENT, /<isEnabled>true<\/isEnabled>(?=\s*<isInvitation)/, '<isEnabled>false</isEnabled>'),
  },
  {
    name: 'the chat deployment serves another channel',
    link: 'deployment',
    apply: replaceText(DEPLOYMENT, '>Web_Chat<', '>Guest_Web_Chat<'),
  },
  {
    name: 'the published settings are older than user verification',
    link: 'published',
    async apply({ org, admin }) {
      editInSetup(org, CHANNEL, '>Auth<', '>UnAuth<');
      await admin.publish('Web_Chat');
      editInSetup(org, CHANNEL, '>UnAuth<', '>Auth<');
    },
    undo: ({ admin }) => admin.publish('Web_Chat'),
  },
  {
    name: 'the keyset uses an endpoint with another key',
    link: 'keyset',
    apply: useEndpoint(({ other }) => ({ keys: [{ ...other, kid: 'other' }] })),
  },
  {
    name: 'the endpoint serves another key with the kid',
    link: 'signature',
    apply: useEndpoint(({ other }) => ({ keys: [{ ...other, kid: KID }] })),
  },
  {
    name: 'the keyset uses an endpoint that serves a page',
    link: 'keyset',
    apply: useEndpoint(() => '<html>login</html>'),
  },
];
