/**
 * What this org does where Salesforce documents nothing, or where sources contradict each other, and no other setting exists. The
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
} as const;

export type Assumptions = { readonly [Name in keyof typeof VALUES]: (typeof VALUES)[Name][number] };

export const DEFAULT_ASSUMPTIONS: Assumptions = Object.fromEntries(
  Object.entries(VALUES).map(([name, values]) => [name, values[0]]),
) as Assumptions;

/** Answers to open questions about Salesforce by question ID, such as those in an evidence file. */
export type AnswersByQuestion = Readonly<Record<string, string>>;
