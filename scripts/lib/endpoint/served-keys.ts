import { readJson } from '../json';
import { readJwk, type PublicKeyFacts } from '../jwk';

/** A key that an endpoint serves: its facts, and its JWK as text. */
interface ServedKey {
  readonly facts: PublicKeyFacts;
  readonly text: string;
}

/** A rotation needs 2 keys. Each key costs time and a line of output. */
export const MAX_KEYS = 100;

/** The readable keys of a JWKS document (RFC 7517, section 5); undefined if the text isn't one, or has too many keys. */
export function servedKeys(text: string, now: Date): readonly ServedKey[] | undefined {
  const keys = (readJson(text).value as { keys?: unknown } | null | undefined)?.keys;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) return undefined;
  return keys.flatMap((each: unknown) => {
    const key = JSON.stringify(each);
    const { key: facts } = readJwk(key, now, 'endpoint');
    return facts ? [{ facts, text: key }] : [];
  });
}
