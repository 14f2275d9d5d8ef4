import { numberClaim, textClaim, type Token } from '../token';
import { failed, passed, type StepEvaluation, type TokenChainContext } from './chain-step';

/** A token of an identity provider that only its own service can verify, or that doesn't identify a customer. */
interface MistakenToken {
  readonly matches: (token: Token) => boolean;
  readonly detail: string;
  readonly fix: string;
}

const ID_TOKEN_FIX =
  'Send the ID token of the customer instead, or an access token that the provider issues for an API of your own.';

/** Values of `aud` for Microsoft Graph (MicrosoftDocs, SupportArticles-docs: access token signature validation errors). */
const GRAPH_AUDIENCE = /^(00000003-0000-0000-c000-000000000000|https:\/\/(graph|dod-graph|microsoftgraph)\.[\w.]+\/?)$/;

const MISTAKEN_TOKENS: readonly MistakenToken[] = [
  {
    // Microsoft signs a changed header, in which the nonce is hashed, so the signature fits no published key.
    matches: ({ header, claims }) =>
      GRAPH_AUDIENCE.test(textClaim(claims, 'aud') ?? '') ||
      (textClaim(header, 'nonce') !== undefined &&
        /microsoftonline|sts\.windows\.net/.test(textClaim(claims, 'iss') ?? '')),
    detail: 'This is an access token for Microsoft Graph. Only Microsoft Graph can verify it.',
    fix: 'Send the ID token of the customer instead, or request the token with a scope of your own API (api://<application>/<scope>) instead of a Graph scope such as User.Read.',
  },
  {
    // Keycloak (claim typ) and RFC 9068 name the kind of a token.
    matches: ({ claims }) => /^(Refresh|Offline)$/.test(textClaim(claims, 'typ') ?? ''),
    detail: 'This is a refresh token of Keycloak. Only Keycloak accepts it, in exchange for new tokens.',
    fix: ID_TOKEN_FIX,
  },
  {
    matches: ({ header }) => /^(logout|dpop|secevent|oauth-authz-req)\+jwt$/i.test(textClaim(header, 'typ') ?? ''),
    detail: 'The header says (typ) that this is a logout token, a DPoP token, or a request, not a token of a customer.',
    fix: ID_TOKEN_FIX,
  },
  {
    // Okta: the org authorization server (issuer without a path) issues access tokens for Okta's own API.
    matches: ({ claims }) =>
      /^https:\/\/[\w.-]+\.(okta|oktapreview|okta-emea)\.com\/?$/.test(textClaim(claims, 'iss') ?? '') &&
      textClaim(claims, 'cid') !== undefined,
    detail: "This is an access token of the Okta org authorization server. Only Okta's own API can verify it.",
    fix: 'Send the ID token of the customer instead, or request the access token from a custom authorization server (https://<domain>/oauth2/<server>).',
  },
];

/** Checks whether the token identifies a customer to others. No kind of token is documented as accepted by Salesforce. */
export function evaluateKind({ token }: TokenChainContext): StepEvaluation {
  const mistaken = MISTAKEN_TOKENS.find(({ matches }) => matches(token));
  if (mistaken) return failed(mistaken.detail, mistaken.fix);
  return extensionProblem(token) ?? passed(isIdToken(token) ? 'an ID token' : 'a signed token');
}

/** RFC 7515, section 4.1.11: a verifier rejects a token with an extension that it doesn't know. */
function extensionProblem({ header }: Token): StepEvaluation | undefined {
  const { crit } = header;
  if (crit === undefined) return undefined;
  const names = Array.isArray(crit) ? crit.filter((each): each is string => typeof each === 'string') : [];
  const shown = names.filter((name) => /^[\w:/.-]{1,60}$/.test(name)).join(', ');
  return failed(
    `The header marks extensions as critical (crit: ${shown === '' ? 'not a list of names' : shown}). A verifier that doesn't know one of them must reject the token, and Salesforce documents none.`,
    'Sign without crit and its extensions.',
  );
}

/** Claims that OpenID Connect Core 1.0 (sections 2 and 3.3.2.11), Cognito, and Keycloak give ID tokens. */
export const isIdToken = ({ claims }: Token): boolean =>
  ['nonce', 'at_hash', 'c_hash', 'auth_time', 'azp'].some((name) => Object.hasOwn(claims, name)) ||
  textClaim(claims, 'token_use') === 'id' ||
  textClaim(claims, 'typ') === 'ID' ||
  /^https:\/\/securetoken\.google\.com\//.test(textClaim(claims, 'iss') ?? '');

/**
 * A time from a minute to the year 2001 is a duration, and one after the year 5138 has another unit: RFC 7519, section 2,
 * requires seconds since 1970.
 */
const [MIN_DURATION_SECONDS, MIN_TIME_SECONDS, MAX_TIME_SECONDS] = [60, 1e9, 1e11];

/** Why a time of the token can't be seconds since 1970, with its fix; undefined if it can. */
export function timeUnitProblem(
  { claims }: Token,
  name: 'exp' | 'nbf',
): { readonly detail: string; readonly fix: string } | undefined {
  const value = numberClaim(claims, name);
  if (value === undefined) return undefined;
  if (value >= MIN_DURATION_SECONDS && value < MIN_TIME_SECONDS)
    return {
      detail: `${name} is ${value}, which is a time before 2001. It is a duration, but a JWT needs a point in time.`,
      fix: `Set ${name} to the current time in seconds since 1970, plus the duration.`,
    };
  if (value <= MAX_TIME_SECONDS) return undefined;
  const effect = name === 'exp' ? 'expires' : 'becomes valid';
  return {
    detail: `${name} is in milliseconds, but a JWT uses seconds. Read as seconds, the token ${effect} in thousands of years.`,
    fix: `Divide ${name} by 1000 (in Apex: a Long of seconds).`,
  };
}
