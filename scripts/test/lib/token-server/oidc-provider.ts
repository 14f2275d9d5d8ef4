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

export async function startOidcProvider(): Promise<TestProvider> {
  const { Provider } = await importModule<OidcModule>(require.resolve('oidc-provider'));
  let handle: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    useKeys(...names) {
      handle = new Provider(issuer, { ...SETTINGS, jwks: { keys: names.map(privateJwk) } }).callback();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const SETTINGS = {
  clients: [
    {
      ...{ client_id: CLIENT.id, redirect_uris: [CLIENT.redirectUri], response_types: ['code'] },
      ...{ grant_types: ['authorization_code'], token_endpoint_auth_method: 'none', application_type: 'native' },
    },
  ],
  pkce: { required: () => false },
  cookies: { keys: ['a key for tests'] },
};

const privateJwk = (name: string): object => ({
  ...keyPair(name).privateKey.export({ format: 'jwk' }),
  ...{ kid: name, use: 'sig', alg: 'RS256' },
});
