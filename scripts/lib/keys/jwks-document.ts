import { parseJsonObject, type JsonObject } from '../files';
import { compromisedKeyOf, readKeyComponent } from '../jwk';
import { isTrueAt, textAt, type Component, type CompromisedKey, type Finding } from '../model';
import { compromisedKeyFinding, finding, keyFinding, type PublicJwk } from './key-input';

export interface JwksDocument {
  /** A certificate (x5c) is optional at an endpoint. */
  readonly keys: readonly PublicJwk[];
}

/** Response headers for the document. With one hour, caches are useful and a new key is available soon. */
export const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'application/json',
  'Cache-Control': 'public, max-age=3600',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * Returns the JWKS document of the active keys. It contains only the public members of each key. With findings, the document
 * must not be served.
 */
export function buildJwks(
  keys: readonly Component[],
  compromised: readonly CompromisedKey[],
  now: Date,
): { readonly jwks: JwksDocument; readonly findings: readonly Finding[] } {
  const active = keys.filter(({ root }) => isTrueAt(root, 'isActive'));
  const findings = [
    ...active.flatMap((key) => problemsOf(key, now)),
    ...active.flatMap((key) => compromisedKeyFindings(key, compromised)),
    ...duplicateKids(active),
    ...noActiveKey(active),
  ];
  return { jwks: { keys: active.flatMap(toPublishedKeys) }, findings };
}

function problemsOf(key: Component, now: Date): readonly Finding[] {
  const file = key.root.origin?.file ?? '';
  return readKeyComponent(key, now, 'endpoint')
    .problems.filter(({ severity }) => severity === 'error')
    .map((problem) => ({ ...keyFinding(file, problem), component: `PublicKeyCertificate:${key.fullName}` }));
}

function compromisedKeyFindings(key: Component, compromised: readonly CompromisedKey[]): readonly Finding[] {
  const found = compromisedKeyOf(key, compromised);
  return found ? [compromisedKeyFinding(key.root.origin?.file ?? '', found)] : [];
}

function duplicateKids(keys: readonly Component[]): readonly Finding[] {
  const kids = keys.map(({ root }) => membersOf(textAt(root, 'jsonWebKey'))['kid']);
  const duplicates = keys.filter((_, index) => kids.indexOf(kids[index]) !== index);
  return duplicates.map(({ root, fullName }) =>
    finding(
      root.origin?.file ?? '',
      'error',
      'duplicate-kid',
      `${fullName} has the same kid as another key in the document.`,
      'Give each key a unique kid.',
    ),
  );
}

const noActiveKey = (keys: readonly Component[]): readonly Finding[] =>
  keys.length > 0
    ? []
    : [
        finding(
          '',
          'error',
          'jwks-empty',
          'The document contains no active key, so Salesforce would reject every token.',
          'Specify its keys: --key <name>.',
        ),
      ];

function toPublishedKeys({ root }: Component): readonly PublicJwk[] {
  const { kid, alg, n, e, x5c } = membersOf(textAt(root, 'jsonWebKey'));
  if (typeof kid !== 'string' || typeof n !== 'string' || typeof e !== 'string') return [];
  const certificates: readonly unknown[] = Array.isArray(x5c) ? x5c : [];
  const chain = certificates.filter((item): item is string => typeof item === 'string');
  return [
    {
      kid,
      alg: typeof alg === 'string' ? alg : 'RS256',
      use: 'sig',
      kty: 'RSA',
      n,
      e,
      ...(chain.length > 0 && { x5c: chain }),
    },
  ];
}

const membersOf = (text: string | undefined): JsonObject => parseJsonObject(text ?? '') ?? {};
