import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/** The content of an access token of the Enhanced Chat API. */
export interface Grant {
  /** v2/iamessage/AUTH/<Configuration Name>/uid:<user>, or the subject of an unverified user */
  readonly subject: string;
  readonly deployment: string;
  readonly channel: string;
  readonly channelAddress: string;
  /** seconds since 1970 */
  readonly expiresAt: number;
  /** shared by a token and its continuation tokens */
  readonly session: string;
}

/** Whether an access token is of a verified user. */
export const isVerified = ({ subject }: Pick<Grant, 'subject'>): boolean => subject.startsWith('v2/iamessage/AUTH/');

const HEADER = encodeJson({ alg: 'HS256', typ: 'JWT' });

/**
 * The access tokens of the Enhanced Chat API. As in Salesforce, they are JWTs with a readable payload: sub, orgId (15
 * characters), channelAddId, iat, exp. They become invalid when the process ends, because the signing secret isn't saved.
 */
export class AccessTokens {
  readonly #orgId: string;
  readonly #secret = randomBytes(32);
  /** session -> expiration of its tokens */
  readonly #revoked = new Map<string, number>();

  /** refresh token -> the content of the access token that it renews */
  readonly #refreshable = new Map<string, Grant>();

  constructor(orgId: string) {
    this.#orgId = orgId.slice(0, 15);
  }

  /** Issues a token. `at` is in seconds since 1970. */
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

  /** Returns the content of a token, or undefined if the token isn't from this org, has expired, or was revoked. */
  read(token: string | undefined, at: number): Grant | undefined {
    const [header, payload = '', signature = '', ...more] = (token ?? '').split('.');
    if (header !== HEADER || more.length > 0 || !safeEqual(signature, this.#sign(payload))) return undefined;
    const grant = decodeGrant(payload);
    return at < grant.expiresAt && !this.#revoked.has(grant.session) ? grant : undefined;
  }

  /** Issues a refresh token for the holder of an access token. It can be used once. */
  issueRefreshToken(grant: Grant): string {
    const token = randomBytes(32).toString('base64url');
    this.#refreshable.set(token, grant);
    return token;
  }

  /** Returns the content of the access token that a refresh token renews, and ends the refresh token. */
  redeemRefreshToken(token: string): Grant | undefined {
    const grant = this.#refreshable.get(token);
    this.#refreshable.delete(token);
    return grant && !this.#revoked.has(grant.session) ? grant : undefined;
  }

  /** Revokes a token and its continuation tokens. */
  revoke({ session, expiresAt }: Grant, at: number): void {
    for (const [expired, sessionExpiresAt] of this.#revoked) if (sessionExpiresAt <= at) this.#revoked.delete(expired);
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
