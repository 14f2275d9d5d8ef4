import { download, type DownloadOptions } from '../endpoint';
import { EXIT, ToolError } from '../errors';
import { isJsonObject, readJson, type JsonObject } from '../json';

/** What an identity provider says about itself. */
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

/**
 * Reads the discovery document of OpenID Connect (Discovery 1.0, section 4) or the OAuth metadata (RFC 8414, section 3) of a
 * provider. Throws `endpoint-unreachable` if neither exists.
 */
export async function discoverProvider(address: string, options: DownloadOptions): Promise<ProviderMetadata> {
  const answers: string[] = [];
  for (const url of discoveryUrls(address)) {
    const { status, body } = await download(url, options);
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

function metadataOf(url: string, document: JsonObject): ProviderMetadata | undefined {
  const { issuer, jwks_uri: jwksUri } = document;
  if (typeof issuer !== 'string' || typeof jwksUri !== 'string') return undefined;
  const algorithms = textsOf(document['id_token_signing_alg_values_supported']);
  return {
    ...{ url, issuer, jwksUri, algorithms },
    pairwiseSubjects: textsOf(document['subject_types_supported']).includes('pairwise'),
  };
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
