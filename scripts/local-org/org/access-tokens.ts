import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/** What an access token of the messaging runtime stands for. */
export interface Grant {
  /** v2/iamessage/AUTH/<configuration>/uid:<user>, or that of a guest */
  readonly subject: string;
  readonly deployment: string;
  readonly channel: string;
  readonly channelAddress: string;
  /** seconds since 1970 */
  readonly expiresAt: number;
  /** shared by a token and those that continue it */
  readonly session: string;
}

const HEADER = encodeJson({ alg: 'HS256', typ: 'JWT' });

/**
 * The access tokens of the messaging runtime. As at Salesforce they look like a JWT whose payload can be read: sub,
 * orgId (15 characters), channelAddId, iat, exp. They end with the process: the secret that signs them is not saved.
 */
export class AccessTokens {
  readonly #orgId: string;
  readonly #secret = randomBytes(32);
  /** session -> when its tokens end anyway */
  readonly #revoked = new Map<string, number>();

  constructor(orgId: string) {
    this.#orgId = orgId.slice(0, 15);
  }

  /** A new token for the grant; the moment is in seconds. */
  issue(grant: Grant, at: number): string {
    const { subject, deployment, channel, channelAddress, expiresAt, session } = grant;
    const payload = encodeJson({
      iss: 'local-org',
      sub: subject,
      orgId: this.#orgId,
      channelAddId: channelAddress,
      esDeveloperName: deployment,
      channel,
      sid: session,
      jti: randomUUID(),
      iat: at,
      exp: expiresAt,
    });
    return `${HEADER}.${payload}.${this.#sign(payload)}`;
  }

  /** What the token stands for; undefined when it is none of this org, has expired or was revoked. */
  read(token: string | undefined, at: number): Grant | undefined {
    const [header, payload = '', signature = '', ...more] = (token ?? '').split('.');
    if (header !== HEADER || more.length > 0 || !safeEqual(signature, this.#sign(payload))) return undefined;
    const grant = decodeGrant(payload);
    return at < grant.expiresAt && !this.#revoked.has(grant.session) ? grant : undefined;
  }

  /** Ends a token and all that continue it. */
  revoke({ session, expiresAt }: Grant, at: number): void {
    for (const [past, sessionExpiresAt] of this.#revoked) if (sessionExpiresAt <= at) this.#revoked.delete(past);
    this.#revoked.set(session, expiresAt);
  }

  #sign(payload: string): string {
    return createHmac('sha256', this.#secret).update(`${HEADER}.${payload}`).digest('base64url');
  }
}

function encodeJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decodeGrant(payload: string): Grant {
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, string>;
  const { sub = '', esDeveloperName = '', channel = '', channelAddId = '', sid = '' } = claims;
  const expiresAt = Number(claims['exp']);
  return { subject: sub, deployment: esDeveloperName, channel, channelAddress: channelAddId, expiresAt, session: sid };
}

function safeEqual(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
