/**
 * The behavior of this org where Salesforce documents nothing, or where sources contradict each other, and no other setting exists. The
 * first value of each is the default. `npm run calibrate` finds the values of a real org.
 */
const VALUES = {
  /** time for which a token is accepted after its exp */
  clockSkew: ['none', '1m', '5m', '1h'],
  /** how far in the future exp can be */
  longestExp: ['unlimited', '1y', '7d', '1d', '1h'],
  /** the longest sub: limited by the platform key, a number of characters, or shortened */
  subLength: ['platform-key', 'unlimited', '255-characters', '128-characters', 'truncated'],
  subCharacters: ['any', 'ascii', 'no-spaces'],
  /** whether aud must be the URL of the org */
  aud: ['ignored', 'my-domain', 'required'],
  /** whether an iat in the future is rejected */
  iat: ['ignored', 'checked'],
  typ: ['optional', 'required'],
  /** which member counts if a token has a claim twice */
  duplicateClaim: ['rejected', 'first', 'last'],
  /** whether a token can be exchanged twice */
  tokenReuse: ['accepted', 'rejected'],
  /** whether a key that declares RS256 verifies RS512 */
  keyAlgorithm: ['binding', 'ignored'],
  /** whether an uploaded key needs x5c: at the upload, for its tokens, or not at all */
  keyWithoutX5c: ['rejected', 'accepted'],
  /** an uploaded key with members of a private key */
  privateMembers: ['accepted', 'rejected'],
  /** how long the certificate of an uploaded key must be valid */
  certificateDays: ['ten-days', 'not-expired', 'not-checked'],
  /** an uploaded key whose certificate has another public key: which one verifies tokens */
  otherCertificate: ['no-token', 'rejected', 'modulus', 'certificate'],
  keyWithoutJwk: ['accepted', 'rejected'],
  emptyKeyset: ['accepted', 'rejected'],
  /** a keyset of type JWKS_URL that also lists keys */
  keysetWithBoth: ['accepted', 'rejected'],
  keysetWithoutIssuer: ['accepted', 'rejected'],
  /** a channel with two user verification configurations of the same name */
  duplicateIdentifier: ['accepted', 'rejected'],
  /** the longest lifetime of access tokens of verified users */
  verifiedLifetime: ['4320-minutes', '360-minutes', '240-minutes'],
  /** what a deploy does with an element of a channel that the file omits */
  omittedElements: ['removed', 'kept'],
  activeChannelDeletion: ['deleted', 'rejected'],
  /** the activation of a channel without a user verification configuration */
  unusableChannelActivation: ['accepted', 'rejected'],
  /** how many problems of a component a deploy reports */
  reportedProblems: ['all', 'first'],
  /** the order of the components with problems */
  problemOrder: ['package', 'name'],
  /** what a retrieve of all chat deployments with * returns */
  deploymentWildcard: ['all', 'nothing'],
  repeatedPublish: ['accepted', 'rejected'],
  /** time until published settings are served */
  publishDelay: ['immediate', '1m', '10m'],
  /** a deploy job that is submitted while another one runs */
  concurrentDeploy: ['queued', 'rejected'],
  queueBosses: ['optional', 'required'],
  /** what a retrieve reports for a type that the user can't read */
  unreadableType: ['message', 'nothing', 'error'],
  /** redirects of JWKS endpoints */
  jwksRedirect: ['rejected', 'followed'],
  /** the largest document of a JWKS endpoint */
  jwksSize: ['200-KB', '1-MB', 'less'],
  /** keys of a JWKS endpoint that can't verify signatures */
  jwksUnusableKey: ['ignored', 'document-rejected'],
  jwksAlg: ['optional', 'required'],
  jwksX5c: ['optional', 'required'],
  /** which key verifies a token if several of an endpoint have its kid */
  jwksSameKid: ['any', 'first'],
  jwksContentType: ['ignored', 'checked'],
} as const;

export type Assumptions = { readonly [Name in keyof typeof VALUES]: (typeof VALUES)[Name][number] };

export const DEFAULT_ASSUMPTIONS: Assumptions = Object.fromEntries(
  Object.entries(VALUES).map(([name, values]) => [name, values[0]]),
) as Assumptions;

/** Answers to open questions about Salesforce by question ID, such as those in an evidence file. */
export type AnswersByQuestion = Readonly<Record<string, string>>;
