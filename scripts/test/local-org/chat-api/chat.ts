import { type LocalOrg, type LocalOrgOptions, type SeedFile } from '../../../local-org/index';
import { type Client, startTestOrg } from '../client';
import * as sample from '../samples';
import { createSigner, signJwt, type Signer } from './signer';

export const ISSUER = 'https://id.example.com';

/** Paths of the seeded metadata, for tests that edit it. */
export const CHAT_PATHS = {
  key: 'PublicKeyCertificate/Key.PublicKeyCertificate',
  keyset: 'PublicKeyCertificateSet/Keys.PublicKeyCertificateSet',
  channel: 'messagingChannels/Web.messagingChannel',
  deployment: 'EmbeddedServiceConfig/Web.EmbeddedServiceConfig',
} as const;

const keyElement =
  '<publicKeyCertificateSetKeys><publicKeyCertificate>Key</publicKeyCertificate></publicKeyCertificateSetKeys>';

/** A channel that verifies users with the signer's key, and a published chat deployment of type API. */
export function verifiedChat(signer: Signer): SeedFile[] {
  return [
    { path: CHAT_PATHS.key, content: sample.keyXml(signer.jwk) },
    { path: CHAT_PATHS.keyset, content: sample.keysetXml(keyElement, 'JWKS') },
    { path: CHAT_PATHS.channel, content: sample.channelXml(), active: true },
    { path: CHAT_PATHS.deployment, content: sample.deploymentXml(), published: true },
  ];
}

/** A response of the Enhanced Chat API. */
export interface ChatApiReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly accessToken?: string; readonly message?: string };
}

type Claims = Readonly<Record<string, unknown>>;

/** A local org with a published chat, and the requests of a client. */
export class Chat {
  readonly client: Client;
  readonly signer: Signer;

  constructor(client: Client, signer: Signer) {
    this.client = client;
    this.signer = signer;
  }

  get org(): LocalOrg {
    return this.client.org;
  }

  /** Creates a valid identity token. The parameters replace claims and header members. */
  token(claims: Claims = {}, header: Claims = {}, key = this.signer.privateKey): string {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: ISSUER, sub: 'ada', iat: now, exp: now + 60 };
    return signJwt({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header }, { ...usual, ...claims }, key);
  }

  exchange(identityToken: string | undefined, more: Claims = {}): Promise<ChatApiReply> {
    const path = '/iamessage/api/v2/authorization/authenticated/access-token';
    return this.call('POST', path, {
      ...this.#v2(),
      authorizationType: 'JWT',
      customerIdentityToken: identityToken,
      ...more,
    });
  }

  exchangeV1(identityToken: string, more: Claims = {}): Promise<ChatApiReply> {
    const path = '/iamessage/v1/authorization/authenticated/accessToken';
    const body = { ...this.#v1(), authorizationType: 'JWT', customerIdentityToken: identityToken, ...more };
    return this.call('POST', path, body);
  }

  requestUnverifiedToken(more: Claims = {}): Promise<ChatApiReply> {
    return this.call('POST', '/iamessage/api/v2/authorization/unauthenticated/access-token', {
      ...this.#v2(),
      ...more,
    });
  }

  requestUnverifiedTokenV1(more: Claims = {}): Promise<ChatApiReply> {
    const path = '/iamessage/v1/authorization/unauthenticated/accessToken';
    return this.call('POST', path, { ...this.#v1(), ...more });
  }

  continueSession(
    accessToken: string,
    path = '/iamessage/api/v2/authorization/continuation-access-token',
  ): Promise<ChatApiReply> {
    return this.call('GET', path, undefined, { authorization: `Bearer ${accessToken}` });
  }

  revoke(accessToken: string): Promise<ChatApiReply> {
    const path = '/iamessage/api/v2/authorization/authenticated/access-token';
    return this.call('DELETE', path, undefined, { authorization: `Bearer ${accessToken}` });
  }

  config(name = 'Web', orgId = this.org.orgId): Promise<ChatApiReply> {
    const query = new URLSearchParams({ orgId, esConfigName: name, language: 'en_US' });
    return this.call('GET', `/embeddedservice/v1/embedded-service-config?${query.toString()}`);
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ChatApiReply> {
    const content = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const response = await fetch(this.org.url + path, {
      method,
      headers,
      ...(content !== undefined && { body: content }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? (JSON.parse(text) as ChatApiReply['body']) : {} };
  }

  async publish(name = 'Web'): Promise<void> {
    const soql = `SELECT Id FROM EmbeddedServiceConfig WHERE DeveloperName = '${name}'`;
    const id = String((await this.client.query(soql, true)).records[0]?.['Id']);
    const path = `/services/data/v67.0/connect/embeddedservice/embeddedserviceconfig/publish/${id}`;
    await this.client.rest(path, { method: 'POST', body: '{}' });
  }

  async activate(channel: string): Promise<void> {
    const soql = `SELECT Id FROM MessagingChannel WHERE DeveloperName = '${channel}'`;
    const id = String((await this.client.query(soql)).records[0]?.['Id']);
    const path = `/services/data/v67.0/sobjects/MessagingChannel/${id}`;
    await this.client.rest(path, { method: 'PATCH', body: '{"IsActive":true}' });
  }

  #v1(): Claims {
    return { orgId: this.org.orgId, developerName: 'Web', capabilitiesVersion: '260' };
  }

  #v2(): Claims {
    return { orgId: this.org.orgId, esDeveloperName: 'Web', capabilitiesVersion: '1', platform: 'Web' };
  }
}

/** Starts an org with a published chat for one test. */
export async function startTestChat(
  test: { after(done: () => Promise<void>): void },
  options: Partial<LocalOrgOptions> = {},
  signer?: Signer,
): Promise<Chat> {
  const owner = signer ?? (await createSigner());
  return new Chat(await startTestOrg(test, { seed: verifiedChat(owner), ...options }), owner);
}

/** Decodes the claims of an access token. */
export function decodeClaims(accessToken = ''): Readonly<Record<string, unknown>> {
  const payload = Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8');
  return JSON.parse(payload) as Readonly<Record<string, unknown>>;
}
