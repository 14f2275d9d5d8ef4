import { signToken } from '../../../lib/token';
import type { OrgView } from '../../../lib/explain';
import { leaf, mapOf, parent, type Component, type Element } from '../../../lib/model';
import { keyPair, NOW, publicJwk, type Jwk } from '../jwk/test-keys';

type Value = string | Tree | readonly Tree[];
interface Tree {
  readonly [name: string]: Value;
}

/** A component from nested objects; undefined members can't occur, so a test removes an element by leaving it out. */
export const component = (type: Component['type'], fullName: string, tree: Tree): Component => ({
  type,
  fullName,
  root: element(type, tree),
});

const element = (name: string, tree: Tree): Element =>
  parent(
    name,
    Object.entries(tree).flatMap(([child, value]): readonly Element[] => {
      if (typeof value === 'string') return [leaf(child, value)];
      return (Array.isArray(value) ? (value as readonly Tree[]) : [value as Tree]).map((each) => element(child, each));
    }),
  );

export const ISSUER = 'https://id.example.com';
export const JWKS_URL = 'https://id.example.com/jwks.json';

export const key = (name: string, jwk: Jwk | string, isActive = 'true'): Component =>
  component('PublicKeyCertificate', name, {
    isActive,
    jsonWebKey: typeof jwk === 'string' ? jwk : JSON.stringify(jwk),
  });

export const keyset = (name: string, keys: readonly string[], issuer = ISSUER): Component =>
  component('PublicKeyCertificateSet', name, {
    jwtIssuer: issuer,
    publicKeyCertificateSetKeys: keys.map((publicKeyCertificate) => ({ publicKeyCertificate })),
    type: 'JWKS',
  });

export const endpointKeyset = (name: string, url = JWKS_URL): Component =>
  component('PublicKeyCertificateSet', name, { jwksEndPoint: url, jwtIssuer: ISSUER, type: 'JWKS_URL' });

export const authorization = (change: Tree = {}): Tree => ({
  authIdentifier: 'Customer',
  enabled: 'true',
  publicKeyCertificateSetName: 'Customer_Identity',
  ...change,
});

export const channel = (name: string, config: Tree = {}): Component =>
  component('MessagingChannel', name, {
    embeddedConfig: {
      authMode: 'Auth',
      messagingAuthorizations: [authorization()],
      verifiedUserJwtExpirationTime: '30',
      ...config,
    },
    sessionHandlerQueue: 'Customer_Chat',
  });

export const chatDeployment = (name: string, servedChannel = name, change: Tree = {}): Component =>
  component('EmbeddedServiceConfig', name, {
    deploymentType: 'API',
    embeddedServiceMessagingChannel: { isEnabled: 'true', messagingChannel: servedChannel },
    isEnabled: 'true',
    ...change,
  });

/** Key Web_2026 (kid key-1), its keyset, the channel Web_Chat and its chat deployment; `changes` replace or add components. */
export async function orgComponents(
  ...changes: readonly Component[]
): Promise<ReadonlyMap<string, Component> & OrgView['components']> {
  return mapOf([
    key('Web_2026', await publicJwk()),
    keyset('Customer_Identity', ['Web_2026']),
    channel('Web_Chat'),
    chatDeployment('Web_Chat'),
    ...changes,
  ]);
}

/** A live view in which every step passes. */
export async function orgView(changes: readonly Component[] = [], view: Partial<OrgView> = {}): Promise<OrgView> {
  return {
    alias: 'uat',
    view: 'org',
    components: await orgComponents(...changes),
    active: new Set(['Web_Chat']),
    endpoints: new Map(),
    published: new Map([['Web_Chat', { authMode: 'Auth' }]]),
    ...view,
  };
}

const seconds = Math.floor(NOW.getTime() / 1000);

/** A token that Web_Chat accepts at NOW, with changes; an undefined claim is left out. */
export const token = (
  claims: Readonly<Record<string, unknown>> = {},
  header: { readonly alg?: 'RS256' | 'RS512'; readonly kid?: string } = {},
  signingKey = keyPair().privateKey,
): string =>
  signToken(
    { alg: 'RS256', kid: 'key-1', ...header },
    { iss: ISSUER, sub: 'customer-1', iat: seconds - 10, exp: seconds + 300, ...claims },
    signingKey,
  );

export { seconds as NOW_SECONDS };
