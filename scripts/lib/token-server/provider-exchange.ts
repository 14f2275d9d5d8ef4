import { invalidFlagError } from '../errors';
import { discoverProvider, metadataProblems, otherRequestedIssuer } from '../keys';
import type { ExchangeOptions } from './exchange';
import type { TokenServerFlags } from './flags';

/** The flags of an exchange, after their check. */
type RequestedExchange = Pick<ExchangeOptions, 'audience' | 'subjectClaim' | 'allowLoopback'> & {
  readonly url: string;
};

/**
 * Checks the flags of --exchange; undefined without it. Throws `invalid-flag` without --exchange-audience: a token for any client
 * would be accepted.
 */
export function requestedExchange(flags: TokenServerFlags): RequestedExchange | undefined {
  const { exchange: url, exchangeAudience: audience, exchangeClaim: subjectClaim, allowLoopback } = flags;
  if (url === undefined) {
    if (audience !== undefined) throw missingExchangeError('--exchange-audience');
    if (subjectClaim !== undefined) throw missingExchangeError('--exchange-claim');
    return undefined;
  }
  if (audience === undefined || audience.trim() === '') throw missingAudienceError(audience);
  if (subjectClaim?.trim() === '') throw invalidFlagError(...BLANK_CLAIM);
  return { url, audience, allowLoopback, ...(subjectClaim !== undefined && { subjectClaim }) };
}

/**
 * Reads the discovery document of the provider. Throws `invalid-flag` if it names another issuer than the one that was requested
 * (OpenID Connect Discovery 1.0, section 4.3), or an issuer or a JWKS URL that can't be used.
 */
export async function discoverExchange({ url, ...rest }: RequestedExchange): Promise<ExchangeOptions> {
  const metadata = await discoverProvider(url, rest);
  const problems = metadataProblems(metadata);
  if (problems.length > 0)
    throw invalidFlagError(
      'The provider of --exchange has a discovery document that is not usable.',
      problems.join(' '),
      'Specify the URL of your own tenant, or have the provider correct its discovery document.',
    );
  const { issuer, jwksUri } = metadata;
  const requested = otherRequestedIssuer(metadata);
  if (requested !== undefined) throw otherIssuerError(metadata.url, requested, issuer);
  return { issuer, jwksUri, ...rest };
}

const missingExchangeError = (flag: string): Error =>
  invalidFlagError(
    `${flag} needs --exchange.`,
    'The flag describes the tokens of an identity provider, and no provider was specified.',
    `Add --exchange with the issuer of the provider, or remove ${flag}.`,
  );

const missingAudienceError = (audience: string | undefined): Error =>
  invalidFlagError(
    audience === undefined ? '--exchange needs --exchange-audience.' : '--exchange-audience is blank.',
    'A provider signs tokens for many clients, and a token for another client must not be exchanged.',
    'Add --exchange-audience with the client ID of your site or app.',
  );

const BLANK_CLAIM = [
  '--exchange-claim is blank.',
  'The subject of each token is read from this claim.',
  'Specify the name of a claim, or remove the flag to use sub.',
] as const;

const otherIssuerError = (document: string, requested: string, issuer: string): Error =>
  invalidFlagError(
    'The provider of --exchange names another issuer.',
    `${document} is the discovery document of ${JSON.stringify(requested)}, and its issuer is ${JSON.stringify(issuer)}. Both must be equal (OpenID Connect Discovery 1.0, section 4.3).`,
    'Specify the exact issuer of the tokens: the value of iss in a token of the provider. For Entra ID, use v2 tokens and https://login.microsoftonline.com/<tenant ID>/v2.0.',
  );
