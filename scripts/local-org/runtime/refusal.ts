import type { Flaw } from '../runtime-settings';

const CHESS = 'public build log of a live org, June 2026';
const TEAMS = 'Salesforce playbook service-itsm-teams-employee-agent-configure';
const SKYWAVE = 'public notes on the API of a live org, June 2026';
const AGENT = 'public walk through the API of a live org, February 2026';
const NEXT = 'public notes on a custom client for a live org';
const NONE = 'no source';

/** Why the messaging runtime refuses. */
export type Reason = Exclude<Flaw, 'no-token'> | keyof typeof OTHER_REFUSALS;

interface Refused {
  readonly status: number;
  readonly message: string;
  /** where the text can be read; "no source": the text is ours */
  readonly source: string;
}

const unauthorized = (message: string): Refused => ({ status: 401, message, source: NONE });
const bad = (message: string, source: string = NONE): Refused => ({ status: 400, message, source });

// What Salesforce answers to a bad identity token is told in general only: a hard failure, or a guest (see badToken).
const TOKEN_REFUSALS: Readonly<Record<Exclude<Flaw, 'no-token'>, Refused>> = {
  'alg-none': unauthorized('The identity token is not signed.'),
  hs256: unauthorized('The identity token is not signed with RS256 or RS512.'),
  algorithm: unauthorized('The identity token is not signed with RS256 or RS512.'),
  issuer: unauthorized('The issuer of the identity token is not that of an active keyset of the channel.'),
  kid: unauthorized('The keyset has no key with the kid of the identity token.'),
  'inactive-key': unauthorized('The key with the kid of the identity token is not active.'),
  'no-x5c': unauthorized('The key with the kid of the identity token has no certificate.'),
  'ended-certificate': unauthorized('The certificate of the key with the kid of the identity token has ended.'),
  signature: unauthorized('The signature of the identity token is not valid.'),
  expiry: unauthorized('The identity token has expired.'),
};

const OTHER_REFUSALS = {
  malformed: unauthorized('The identity token is not a JWT.'),
  'not-yet-valid': unauthorized('The identity token is not valid yet.'),
  subject: unauthorized('The identity token has no usable subject.'),
  'unusable-key': unauthorized('The key with the kid of the identity token cannot verify a signature.'),
  endpoint: unauthorized('The keys of the JWKS endpoint cannot be read.'),
  'access-token': unauthorized('The access token is missing, has expired, or was revoked.'),
  body: bad('The request body is not what this operation takes.'),
  org: bad('The orgId is not the id of this org.'),
  deployment: bad('There is no Embedded Service deployment with this name.'),
  'deployment-off': bad('The Embedded Service deployment is not enabled.'),
  'deployment-type': bad("Set the esDeveloperName to a deploymentType that's set to api", SKYWAVE),
  unpublished: { status: 412, message: 'Embedded Messaging Config is not Published', source: SKYWAVE },
  'channel-inactive': bad('The messaging channel is not active.'),
  'verification-on': bad('Set the auth mode to false.', TEAMS),
  'verification-off': bad('Set the auth mode to true.'),
  'no-authorization': bad('User verification configuration has no active AuthSchemes.', CHESS),
  'org-header': bad('OrgId in the header and token must match', SKYWAVE),
  'stream-headers': bad('Accept, X-Org-Id and Last-Event-Id are required.'),
  'conversation-id': bad('Specify the conversationId in UUID format.', AGENT),
  'conversation-id-case': bad('Specify the conversationId in UUID format. The UUID must be in lowercase.', NEXT),
  'conversation-taken': bad('The conversationId belongs to another conversation.'),
  conversation: { status: 404, message: 'There is no such conversation.', source: NONE },
  'conversation-ended': bad('The conversation has ended.'),
} as const satisfies Readonly<Record<string, Refused>>;

/** Everything the runtime refuses, with Salesforce's own words where they are known. */
export const REFUSALS: Readonly<Record<Reason, Refused>> = { ...TOKEN_REFUSALS, ...OTHER_REFUSALS };

/** A request the messaging runtime refuses. */
export class Refusal extends Error {
  readonly reason: Reason;
  readonly status: number;

  constructor(reason: Reason) {
    super(REFUSALS[reason].message);
    this.name = 'Refusal';
    this.reason = reason;
    this.status = REFUSALS[reason].status;
  }
}
