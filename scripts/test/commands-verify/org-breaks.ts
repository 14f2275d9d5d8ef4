import type { LinkName } from '../../lib/chain';
import type { LocalOrg } from '../../local-org/index';
import { tamper } from '../commands/fleet';
import type { Jwk } from '../lib/jwk/keyring';
import type { Admin } from './admin';
import { ISSUER_OF_DEV, KEY_FILE, KID } from './stand';

/** An org that is broken on purpose, and what that takes. */
export interface Scene {
  readonly org: LocalOrg;
  readonly admin: Admin;
  /** The key of the stand, another one, and one whose certificate has expired. */
  readonly jwk: Jwk;
  readonly other: Jwk;
  readonly expired: Jwk;
  /** An endpoint, and the way to have it serve something. */
  readonly endpoint: { readonly url: string; serve(document: unknown): void };
}

/** One way to break the chain in an org; files are put back afterwards, the rest is mended here. */
export interface OrgBreak {
  readonly what: string;
  readonly link: LinkName;
  readonly make: (scene: Scene) => void | Promise<void>;
  readonly mend?: (scene: Scene) => void | Promise<void>;
}

const KEYSET = 'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet';
const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const DEPLOYMENT = 'EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig';
const JWK = /(?<=<jsonWebKey>)[\s\S]*(?=<\/jsonWebKey>)/;
const AUTHORIZATION = /<messagingAuthorizations>[\s\S]*<\/messagingAuthorizations>/;

const rewritten =
  (path: string, from: string | RegExp, to: string) =>
  ({ org }: Scene): void =>
    tamper(org, path, from, to);

const withKey =
  (jwk: (scene: Scene) => unknown) =>
  (scene: Scene): void =>
    tamper(scene.org, KEY_FILE, JWK, typeof jwk(scene) === 'string' ? String(jwk(scene)) : JSON.stringify(jwk(scene)));

/** The keyset fetches its keys from an endpoint that serves this. */
const fetching =
  (document: (scene: Scene) => unknown) =>
  (scene: Scene): void => {
    scene.endpoint.serve(document(scene));
    const listed = /<publicKeyCertificateSetKeys>[\s\S]*<\/publicKeyCertificateSetKeys>/;
    tamper(scene.org, KEYSET, listed, `<jwksEndPoint>${scene.endpoint.url}</jwksEndPoint>`);
    tamper(scene.org, KEYSET, '<type>JWKS</type>', '<type>JWKS_URL</type>');
  };

export const ORG_BREAKS: readonly OrgBreak[] = [
  { what: 'the key is not active', link: 'key-active', make: rewritten(KEY_FILE, '<isActive>true', '<isActive>false') },
  {
    what: 'the key does not say that it is active',
    link: 'key-active',
    make: rewritten(KEY_FILE, /<isActive>true<\/isActive>/, ''),
  },
  { what: 'the key has no certificate', link: 'key-fit', make: withKey(({ jwk: { x5c: _, ...rest } }) => rest) },
  { what: 'the certificate of the key has expired', link: 'key-fit', make: withKey(({ expired }) => expired) },
  {
    what: 'the certificate is for another key',
    link: 'key-fit',
    make: withKey(({ jwk, other }) => ({ ...jwk, x5c: other['x5c'] })),
  },
  {
    what: 'another key stands under the kid',
    link: 'signature',
    make: withKey(({ other }) => ({ ...other, kid: KID })),
  },
  { what: 'the key is declared for RS512', link: 'signature', make: withKey(({ jwk }) => ({ ...jwk, alg: 'RS512' })) },
  { what: 'the key has another kid', link: 'key', make: withKey(({ jwk }) => ({ ...jwk, kid: 'renamed' })) },
  {
    what: 'the kid of the key is in upper case',
    link: 'key',
    make: withKey(({ jwk }) => ({ ...jwk, kid: KID.toUpperCase() })),
  },
  { what: 'the key is no JSON', link: 'key', make: withKey(() => '{"kid": "stand-key"') },
  {
    what: 'the keyset does not list the key',
    link: 'keyset',
    make: rewritten(
      KEYSET,
      /<publicKeyCertificateSetKeys>\s*<publicKeyCertificate>Customer_Identity_2026_A<\/publicKeyCertificate>\s*<\/publicKeyCertificateSetKeys>/,
      '',
    ),
  },
  {
    what: 'the issuer of the keyset has a slash too many',
    link: 'issuer',
    make: rewritten(KEYSET, `${ISSUER_OF_DEV}<`, `${ISSUER_OF_DEV}/<`),
  },
  {
    what: 'the issuer of the keyset has a capital',
    link: 'issuer',
    make: rewritten(KEYSET, ISSUER_OF_DEV, ISSUER_OF_DEV.replace('id.', 'ID.')),
  },
  { what: 'the issuer of the keyset is http', link: 'issuer', make: rewritten(KEYSET, 'https://id', 'http://id') },
  {
    what: 'the configuration is not active',
    link: 'enabled',
    make: rewritten(CHANNEL, '<enabled>true', '<enabled>false'),
  },
  {
    what: 'the configuration does not say that it is active',
    link: 'enabled',
    make: rewritten(CHANNEL, /<enabled>true<\/enabled>/, ''),
  },
  { what: 'the channel has no configuration', link: 'configuration', make: rewritten(CHANNEL, AUTHORIZATION, '') },
  {
    what: 'the configuration has another keyset',
    link: 'configuration',
    make: rewritten(CHANNEL, '>Customer_Identity<', '>Another_Keyset<'),
  },
  {
    what: 'embeddedConfig was lost, as by a deploy below API 62.0',
    link: 'configuration',
    make: rewritten(CHANNEL, /<embeddedConfig>[\s\S]*<\/embeddedConfig>/, ''),
  },
  { what: 'verification is off', link: 'mode', make: rewritten(CHANNEL, '>Auth<', '>UnAuth<') },
  {
    what: 'the channel is not active',
    link: 'channel',
    make: ({ admin }) => admin.setActive('Web_Chat', false),
    mend: ({ admin }) => admin.setActive('Web_Chat', true),
  },
  {
    what: 'the deployment is switched off',
    link: 'deployment',
    make: rewritten(DEPLOYMENT, /<isEnabled>true(<\/isEnabled>\s*<isTerms)/, '<isEnabled>false</isEnabled><isTerms'),
  },
  {
    what: 'the channel is switched off in the deployment',
    link: 'deployment',
    make: rewritten(DEPLOYMENT, /<isEnabled>true<\/isEnabled>(?=\s*<isInvitation)/, '<isEnabled>false</isEnabled>'),
  },
  {
    what: 'the deployment serves another channel',
    link: 'deployment',
    make: rewritten(DEPLOYMENT, '>Web_Chat<', '>Guest_Web_Chat<'),
  },
  {
    what: 'what is published is from before verification',
    link: 'published',
    async make({ org, admin }) {
      tamper(org, CHANNEL, '>Auth<', '>UnAuth<');
      await admin.publish('Web_Chat');
      tamper(org, CHANNEL, '>UnAuth<', '>Auth<');
    },
    mend: ({ admin }) => admin.publish('Web_Chat'),
  },
  {
    what: 'the keyset fetches its keys from an endpoint that has another one',
    link: 'keyset',
    make: fetching(({ other }) => ({ keys: [{ ...other, kid: 'other' }] })),
  },
  {
    what: 'the endpoint serves another key under the kid',
    link: 'signature',
    make: fetching(({ other }) => ({ keys: [{ ...other, kid: KID }] })),
  },
  {
    what: 'the keyset fetches its keys from an endpoint that serves a page',
    link: 'keyset',
    make: fetching(() => '<html>login</html>'),
  },
];
