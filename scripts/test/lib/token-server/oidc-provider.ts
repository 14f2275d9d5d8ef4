import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keyPair } from '../jwk/test-keys';
import { importModule } from '../sf/import-module';

/** The part of the package oidc-provider, which has no types, that tests use. */
interface OidcModule {
  readonly Provider: new (issuer: string, options: object) => { callback(): RequestListener };
}

/** An OpenID Connect provider on this machine, with the development login pages of oidc-provider. */
export interface TestProvider {
  readonly issuer: string;
  /** Signs with the first of these key pairs, and publishes all of them under their names as kid. */
  useKeys(...names: readonly string[]): void;
  close(): void;
}

export const CLIENT = { id: 'shop', redirectUri: 'http://127.0.0.1:1/callback' };

/** Starts a provider for one client. Its pages are same-site with the redirect URIs if those are on localhost. */
export async function startOidcProvider(redirectUris: readonly string[] = [CLIENT.redirectUri]): Promise<TestProvider> {
  const { Provider } = await importModule<OidcModule>(require.resolve('oidc-provider'));
  const records: Records = new Map();
  let handle: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    useKeys(...names) {
      const jwks = { keys: names.map(privateJwk) };
      handle = new Provider(issuer, { ...settingsFor(redirectUris), adapter: createAdapter(records), jwks }).callback();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Payload {
  readonly uid?: string;
  consumed?: number;
}
type Records = Map<string, Payload>;

/** Keeps the sessions of the provider in a map, also when its keys change. (oidc-provider: adapter interface) */
const createAdapter = (records: Records) => (model: string) => {
  const find = (id: string): Promise<Payload | undefined> => Promise.resolve(records.get(`${model} ${id}`));
  return {
    find,
    upsert: (id: string, payload: Payload) => Promise.resolve(void records.set(`${model} ${id}`, payload)),
    findByUid: (uid: string) => Promise.resolve([...records.values()].find((payload) => payload.uid === uid)),
    destroy: (id: string) => Promise.resolve(void records.delete(`${model} ${id}`)),
    consume: async (id: string) => void Object.assign((await find(id)) ?? {}, { consumed: 1 }),
    revokeByGrantId: () => Promise.resolve(),
  };
};

/** A page of the client can redeem its code (CORS). */
const settingsFor = (redirectUris: readonly string[]): object => ({
  clients: [
    {
      client_id: CLIENT.id,
      redirect_uris: redirectUris,
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'none',
      application_type: 'web',
    },
  ],
  pkce: { required: () => false },
  cookies: { keys: ['a key for tests'] },
  clientBasedCORS: () => true,
});

const privateJwk = (name: string): object => ({
  ...keyPair(name).privateKey.export({ format: 'jwk' }),
  kid: name,
  use: 'sig',
  alg: 'RS256',
});
