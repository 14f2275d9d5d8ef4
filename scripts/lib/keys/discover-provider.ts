import { download, type DownloadOptions } from '../verification/endpoint';
import { EXIT, ToolError } from '../errors';
import { isJsonObject, readJson, type JsonObject } from '../files';

/** The metadata that an identity provider publishes about itself. */
export interface ProviderMetadata {
  /** The URL of the discovery document. */
  readonly url: string;
  /** The `iss` of its tokens, byte for byte. */
  readonly issuer: string;
  readonly jwksUri: string;
  /** The algorithms of ID tokens that the provider offers; empty if it doesn't say. */
  readonly algorithms: readonly string[];
  readonly pairwiseSubjects: boolean;
}

const UNSAFE_URL_FIX =
  'Use the https URL of the issuer or of its discovery document, or add --allow-loopback for a server on this machine.';

/**
 * Reads the discovery document of OpenID Connect (Discovery 1.0, section 4) or the OAuth metadata (RFC 8414, section 3) of a
 * provider. Throws `endpoint-unreachable` if neither exists.
 */
export async function discoverProvider(address: string, options: DownloadOptions): Promise<ProviderMetadata> {
  const answers: string[] = [];
  for (const url of discoveryUrls(address)) {
    const { status, body } = await download(url, { ...options, unsafeUrlFix: UNSAFE_URL_FIX });
    const { value } = status === 200 ? readJson(body.toString()) : { value: undefined };
    const metadata = isJsonObject(value) ? metadataOf(url, value) : undefined;
    if (metadata) return metadata;
    answers.push(`${url} ${status === 200 ? 'has no "issuer" and "jwks_uri"' : `responds with ${status}`}.`);
  }
  throw new ToolError(
    'endpoint-unreachable',
    {
      what: 'No discovery document was found.',
      why: answers.join(' '),
      fix: 'Specify the issuer of the tokens, or the URL of the discovery document. Without one, set jwtIssuer and jwksEndPoint of a keyset in source.',
    },
    { exit: EXIT.unreachable },
  );
}

/** The URLs of the discovery document for an issuer; a URL with /.well-known/ is the document itself. */
function discoveryUrls(address: string): readonly string[] {
  const url = URL.parse(address);
  if (!url || url.pathname.includes('/.well-known/')) return [address];
  const path = url.pathname.replace(/\/$/, '');
  return [
    `${url.origin}${path}/.well-known/openid-configuration`,
    `${url.origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

/** Why the issuer or the JWKS URL of a discovery document can't be used by anyone who verifies its tokens. */
export const metadataProblems = ({ issuer, jwksUri }: ProviderMetadata): readonly string[] => [
  ...issuerProblems(issuer),
  ...jwksUriProblems(jwksUri),
];

function issuerProblems(issuer: string): readonly string[] {
  if (issuer.trim() === '') return ['The issuer is empty.'];
  const problems: string[] = [];
  if (issuer !== issuer.trim()) problems.push('The issuer has whitespace before or after it.');
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(issuer)) problems.push('The issuer contains control characters.');
  if (/[{}]/.test(issuer))
    problems.push(
      `The issuer ${JSON.stringify(issuer)} is a template for several tenants. Specify the URL of your own tenant.`,
    );
  return problems;
}

/** Messages don't repeat the URL, because it can contain a password. */
export function jwksUriProblems(jwksUri: string): readonly string[] {
  if (/[{}]/.test(jwksUri))
    return ['The JWKS URL is a template for several tenants. Specify the URL of your own tenant.'];
  if (/[\s\\"<>^`|\p{Cc}]/u.test(jwksUri)) return ['The JWKS URL contains a character that a URL must encode.'];
  const url = URL.parse(jwksUri);
  if (!url) return ["The JWKS URL isn't a URL."];
  const problems: string[] = [];
  if (jwksUri.includes('#')) problems.push('The JWKS URL has a fragment ("#..."), which is never sent to a server.');
  if (url.username !== '' || url.password !== '') problems.push('The JWKS URL contains a user name or a password.');
  return problems;
}

/**
 * Returns the issuer that the discovery document stands for, if the document names another one. Both must be equal (OpenID Connect
 * Discovery 1.0, section 4.3; RFC 8414, section 3.3). A slash at the end doesn't count: section 4.1 removes it from the URL.
 */
export function otherRequestedIssuer({ url, issuer }: ProviderMetadata): string | undefined {
  const { origin, pathname } = new URL(url);
  const requested = `${origin}${pathname.replace(/\/\.well-known\/[^/]+/, '')}`.replace(/\/$/, '');
  return requested === issuer.replace(/\/$/, '') ? undefined : requested;
}

function metadataOf(url: string, document: JsonObject): ProviderMetadata | undefined {
  const { issuer, jwks_uri: jwksUri } = document;
  if (typeof issuer !== 'string' || typeof jwksUri !== 'string') return undefined;
  const algorithms = textsOf(document['id_token_signing_alg_values_supported']);
  return {
    url,
    issuer,
    jwksUri,
    algorithms,
    pairwiseSubjects: textsOf(document['subject_types_supported']).includes('pairwise'),
  };
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
