import { npmRun } from '../model';
import type { CliError } from './retry-policies';

/** A reason why Salesforce rejects a login, by its own text. */
export interface LoginRejection {
  readonly pattern: RegExp;
  /** The meaning of the text. */
  readonly why: string;
  readonly fix: string;
  /** Where the statement comes from. */
  readonly source: string;
}

const OAUTH_HELP = 'Salesforce Help, remoteaccess_oauth_flow_errors.htm';
const JWT_HELP = 'Salesforce Help, remoteaccess_oauth_jwt_flow.htm';

const AUDIENCE = /audience is invalid|audience validation failed/i;

/** The texts of Salesforce for a rejected login, with their meaning. */
export const LOGIN_REJECTIONS: readonly LoginRejection[] = [
  {
    pattern: /app_not_found|client app is not installed in this org/i,
    why: 'The org has no external client app with this client ID. A refreshed or new sandbox has only the apps of the org that it was copied from.',
    fix: 'In Setup of this org, install or create the app (External Client App Manager). If it gets another consumer key, use that as the client ID (clientId in SF_LOGINS).',
    source: 'forcedotcom/cli, issue 3482',
  },
  {
    pattern: /has(n't| not) approved this consumer/i,
    why: "The user hasn't approved the app, and no admin approved it for the user.",
    fix: 'In the policies of the app, set Permitted Users to "Admin approved users are pre-authorized", and assign the app to a profile or permission set of the user.',
    source: `forcedotcom/cli, issue 1028; ${JWT_HELP}`,
  },
  {
    pattern: /not admin approved|invalid_app_access|OAUTH_APP_ACCESS_DENIED/i,
    why: "The app is limited to users that an admin approved, and this user isn't one of them.",
    fix: 'Assign the app to a profile or permission set of the user (Setup: policies of the app).',
    source: OAUTH_HELP,
  },
  {
    pattern: /ip restricted|LOGIN_DURING_RESTRICTED_DOMAIN|outside of (the )?trusted ip/i,
    why: "The address of this machine is outside of the login IP ranges of the user's profile or of the org.",
    fix: 'Add the address of this machine or runner to the login IP ranges of the profile, or relax IP restrictions in the policies of the app.',
    source: OAUTH_HELP,
  },
  {
    pattern: /user is inactive|inactive_user|inactive user/i,
    why: 'The user of the login is inactive in this org.',
    fix: 'Activate the user in Setup, or log in with another one.',
    source: OAUTH_HELP,
  },
  {
    pattern: /inactive_org|org is (locked|closed|suspended)|inactive organization/i,
    why: 'The org is locked, closed, or suspended.',
    fix: 'Check the status of the org in its production org, or at status.salesforce.com.',
    source: OAUTH_HELP,
  },
  {
    pattern: /user is locked|password lockout|frozen/i,
    why: 'The user of the login is locked or frozen.',
    fix: 'Unlock the user in Setup, or wait until the lockout ends.',
    source: OAUTH_HELP,
  },
  {
    pattern: /invalid_client_id|client identifier invalid|client_id is invalid/i,
    why: 'The org has no app with this client ID. It is misspelled, belongs to an app of another org, or the app was created a few minutes ago.',
    fix: 'Copy the consumer key of the app in this org as the client ID (clientId in SF_LOGINS). A new app can take 10 minutes to work.',
    source: OAUTH_HELP,
  },
  {
    pattern: /invalid assertion|invalid_client\b|invalid client credentials|signature (is )?invalid/i,
    why: "The private key doesn't belong to the certificate of the app.",
    fix: `Upload the certificate of this private key to the app (Use digital signatures), or use the private key of that certificate. For a local org, another program uses its port: stop the other local orgs, then run: ${npmRun('local-org')}`,
    source: JWT_HELP,
  },
  {
    pattern: /user (does not exist|not found)|invalid (user|username)\b/i,
    why: 'The org has no user with this username. A sandbox adds its own suffix to the usernames of production.',
    fix: 'Use the username of the user in this org, such as name@example.com.uat.',
    source: JWT_HELP,
  },
  {
    pattern: /assertion is expired|expired authorization code|JWT is expired/i,
    why: 'The clock of this machine differs from that of Salesforce.',
    fix: 'Synchronize the clock of this machine (NTP), then log in again.',
    source: JWT_HELP,
  },
  {
    pattern: /must be an asymmetric key|minimum key size|secretOrPrivateKey/i,
    why: "The sf CLI can't sign with the private key of this login.",
    fix: 'Use a private RSA key of at least 2048 bits, as PEM without a passphrase.',
    source: 'jsonwebtoken, sign.js',
  },
  {
    pattern: AUDIENCE,
    why: 'The instance URL of the login is the one of another org or another kind of org.',
    fix: 'Use the My Domain URL of this org as the instance URL (instanceUrl in SF_LOGINS). For a sandbox, https://test.salesforce.com works too.',
    source: 'forcedotcom/cli, issue 3325',
  },
];

/** The known reason for the texts of a rejected login; undefined if none is known. */
export const loginRejectionFor = (texts: readonly string[]): LoginRejection | undefined =>
  LOGIN_REJECTIONS.find(({ pattern }) => texts.some((text) => pattern.test(text)));

/**
 * The texts of Salesforce in the error of a login, each once. The CLI lists one line for each login host that it tried: a host
 * that can't be reached says nothing about the org, and the audience only counts if no host said anything else.
 */
export function salesforceTexts({ message }: CliError): readonly string[] {
  const [, attempts] = message.split(/Errors encountered:\s*/);
  const lines = (attempts ?? message).split('\n').map((line) => line.replace(/\s*\[audience=[^\]]*\]/, '').trim());
  const texts = lines.filter((line) => line !== '' && !/fetch failed|ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN/.test(line));
  const specific = texts.filter((line) => !AUDIENCE.test(line));
  return [...new Set(specific.length > 0 ? specific : texts)];
}
