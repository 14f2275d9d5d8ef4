import type { IdentityTokenDefect } from '../chat-api-settings';

const LIVE_ORG_BUILD_LOG = 'public build log of a live org, June 2026';
const TEAMS_PLAYBOOK = 'Salesforce playbook service-itsm-teams-employee-agent-configure';
const LIVE_ORG_API_NOTES = 'public notes on the API of a live org, June 2026';
const LIVE_ORG_API_WALKTHROUGH = 'public walkthrough of the API of a live org, February 2026';
const CUSTOM_CLIENT_NOTES = 'public notes on a custom client for a live org';
const NO_SOURCE = 'no source';

/** Why the Enhanced Chat API rejects a request. */
export type RejectionReason = IdentityTokenDefect | keyof typeof OTHER_REJECTIONS;

interface RejectionSpec {
  readonly status: number;
  readonly message: string;
  /** the source of the message; "no source": the message was written for this project */
  readonly source: string;
}

const unauthorized = (message: string): RejectionSpec => ({ status: 401, message, source: NO_SOURCE });
const tooManyRequests = (message: string): RejectionSpec => ({ status: 429, message, source: NO_SOURCE });
const badRequest = (message: string, source: string = NO_SOURCE): RejectionSpec => ({ status: 400, message, source });

// Sources describe only in general how Salesforce handles an invalid identity token: an error, or an unverified user (badToken).
const NOT_SIGNED = unauthorized('The identity token is not signed.');
const WRONG_ALGORITHM = unauthorized('The identity token is not signed with RS256 or RS512.');
const WRONG_ISSUER = unauthorized("The issuer of the identity token doesn't match an active keyset of the channel.");
const UNKNOWN_KID = unauthorized('The keyset has no key with the kid of the identity token.');
const WRONG_SIGNATURE = unauthorized('The signature of the identity token is not valid.');
const EXPIRED = unauthorized('The identity token has expired.');
const NO_SUBJECT = unauthorized('The identity token has no usable subject.');
const NOT_A_JWT = unauthorized('The identity token is not a JWT.');

const TOKEN_REJECTIONS: Readonly<Record<IdentityTokenDefect, RejectionSpec>> = {
  'alg-none': NOT_SIGNED,
  'alg-none-case': NOT_SIGNED,
  'alg-missing': NOT_SIGNED,
  'alg-empty': NOT_SIGNED,
  'alg-array': NOT_SIGNED,
  hs256: WRONG_ALGORITHM,
  rs384: WRONG_ALGORITHM,
  ps256: WRONG_ALGORITHM,
  'empty-signature': WRONG_SIGNATURE,
  'reused-signature': WRONG_SIGNATURE,
  signature: WRONG_SIGNATURE,
  crit: NOT_A_JWT,
  'duplicate-header': NOT_A_JWT,
  'duplicate-claim': NOT_A_JWT,
  kid: UNKNOWN_KID,
  'kid-missing': UNKNOWN_KID,
  'kid-foreign': UNKNOWN_KID,
  'retired-key': UNKNOWN_KID,
  'inactive-key': unauthorized('The key with the kid of the identity token is not active.'),
  'no-x5c': unauthorized('The key with the kid of the identity token has no certificate.'),
  'expired-certificate': unauthorized("The certificate of the key that matches the token's kid has expired."),
  issuer: WRONG_ISSUER,
  'issuer-slash': WRONG_ISSUER,
  'issuer-missing': WRONG_ISSUER,
  expiry: EXPIRED,
  'exp-missing': EXPIRED,
  'not-yet-valid': unauthorized('The identity token is not valid yet.'),
  'sub-missing': NO_SUBJECT,
  'sub-empty': NO_SUBJECT,
};

const OTHER_REJECTIONS = {
  algorithm: WRONG_ALGORITHM,
  malformed: NOT_A_JWT,
  subject: NO_SUBJECT,
  audience: unauthorized("The audience of the identity token doesn't match this org."),
  'issued-later': unauthorized('The identity token was issued in the future.'),
  'distant-exp': unauthorized('The identity token is valid for too long.'),
  reused: unauthorized('The identity token was used before.'),
  'unusable-key': unauthorized('The key with the kid of the identity token cannot verify a signature.'),
  endpoint: unauthorized('The keys of the JWKS endpoint cannot be read.'),
  'access-token': unauthorized('The access token is missing, has expired, or was revoked.'),
  body: badRequest('The request body is invalid for this operation.'),
  'token-limit': tooManyRequests('The org has too many requests for access tokens.'),
  'renewal-limit': tooManyRequests('The org has too many requests to renew an access token.'),
  'conversation-limit': tooManyRequests('The page has opened too many conversations.'),
  'message-limit': tooManyRequests('The conversation has too many messages.'),
  'refresh-token': unauthorized('The refresh token is missing, was used, or belongs to another access token.'),
  org: badRequest("The orgId doesn't match this org."),
  deployment: badRequest("The Embedded Service deployment doesn't exist."),
  'deployment-disabled': badRequest('The Embedded Service deployment is not enabled.'),
  'deployment-type': badRequest("Set the esDeveloperName to a deploymentType that's set to api", LIVE_ORG_API_NOTES),
  unpublished: { status: 412, message: 'Embedded Messaging Config is not Published', source: LIVE_ORG_API_NOTES },
  'channel-inactive': badRequest('The messaging channel is not active.'),
  'verification-on': badRequest('Set the auth mode to false.', TEAMS_PLAYBOOK),
  'verification-off': badRequest('Set the auth mode to true.'),
  'no-authorization': badRequest('User verification configuration has no active AuthSchemes.', LIVE_ORG_BUILD_LOG),
  'org-header': badRequest('OrgId in the header and token must match', LIVE_ORG_API_NOTES),
  'stream-headers': badRequest('Accept and X-Org-Id are required, and Last-Event-Id is a number.'),
  'conversation-id': badRequest('Specify the conversationId in UUID format.', LIVE_ORG_API_WALKTHROUGH),
  'conversation-id-case': badRequest(
    'Specify the conversationId in UUID format. The UUID must be in lowercase.',
    CUSTOM_CLIENT_NOTES,
  ),
  'conversation-id-in-use': badRequest('The conversationId belongs to another conversation.'),
  conversation: { status: 404, message: "The conversation doesn't exist.", source: NO_SOURCE },
  'conversation-ended': badRequest('The conversation has ended.'),
} as const satisfies Readonly<Record<string, RejectionSpec>>;

/** The response for each reason, with Salesforce's message if it is known. */
export const REJECTIONS: Readonly<Record<RejectionReason, RejectionSpec>> = {
  ...TOKEN_REJECTIONS,
  ...OTHER_REJECTIONS,
};

/** Thrown for a request that the Enhanced Chat API rejects. */
export class Rejection extends Error {
  readonly reason: RejectionReason;
  readonly status: number;

  constructor(reason: RejectionReason) {
    super(REJECTIONS[reason].message);
    this.name = 'Rejection';
    this.reason = reason;
    this.status = REJECTIONS[reason].status;
  }
}
