import { createPublicKey, X509Certificate } from 'node:crypto';
import { certificateProblem } from './certificate';

/** A JSON object with unchecked members. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns the members of a JSON web key, or why the text isn't one. */
export function parseJsonWebKey(text: string): { members: JsonObject } | { problem: string } {
  const value = parseJson(text);
  if (value === undefined) return { problem: "it isn't JSON" };
  if (Array.isArray(value)) return { problem: 'upload each key separately, not as an array' };
  if (typeof value !== 'object' || value === null) return { problem: "it isn't a JSON object" };
  const members = value as JsonObject;
  return 'keys' in members ? { problem: 'upload each key separately, not as a JWKS document' } : { members };
}

export function missingMembers(members: JsonObject): string[] {
  return ['kty', 'kid', 'alg', 'x5c'].filter((name) => !hasValue(members[name]));
}

/** Returns why a key can't verify identity tokens; undefined if it can. */
export function algorithmProblem({ kty, alg }: JsonObject): string | undefined {
  if (kty !== undefined && kty !== 'RSA') return `kty ${JSON.stringify(kty)} is not RSA`;
  if (alg !== undefined && alg !== 'RS256' && alg !== 'RS512')
    return `alg ${JSON.stringify(alg)} is not RS256 or RS512`;
  return undefined;
}

/** The modulus length in bits; undefined if n and e don't form an RSA key. */
export function modulusBits({ n, e }: JsonObject): number | undefined {
  if (typeof n !== 'string' || typeof e !== 'string') return undefined;
  try {
    return createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' }).asymmetricKeyDetails?.modulusLength;
  } catch {
    return undefined;
  }
}

/** Whether the first certificate has another public key than n and e. */
export function hasOtherCertificate({ n, e, x5c }: JsonObject): boolean {
  try {
    const [first] = x5c as readonly string[];
    const { publicKey } = new X509Certificate(Buffer.from(first ?? '', 'base64'));
    const fromModulus = createPublicKey({ key: { kty: 'RSA', n: String(n), e: String(e) }, format: 'jwk' });
    return !publicKey.equals(fromModulus);
  } catch {
    return false;
  }
}

/**
 * Returns why x5c isn't a list of certificates in base64 that are valid for a number of days; undefined if it is, or if it is
 * missing. Without days, the validity isn't checked.
 */
export function x5cProblem(members: JsonObject, now: Date, minValidDays: number | undefined): string | undefined {
  const { x5c } = members;
  if (!hasValue(x5c)) return undefined;
  if (!Array.isArray(x5c)) return 'x5c is not a list of certificates';
  const problems = x5c.map((text) =>
    typeof text === 'string' ? certificateProblem(text, now, minValidDays) : 'is not a string',
  );
  const index = problems.findIndex((problem) => problem !== undefined);
  return index < 0 ? undefined : `x5c[${index}] ${problems[index]}`;
}

function hasValue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
