import { readJson } from '../json';
import { readJwk, type PublicKeyFacts } from '../jwk';

/** A key that an endpoint serves: what it says of itself, and its text for whoever verifies with it. */
export interface ServedKey {
  readonly facts: PublicKeyFacts;
  readonly text: string;
}

/** The readable keys of a JWKS document (RFC 7517, section 5); undefined where the text is no such document. */
export function servedKeys(text: string, now: Date): readonly ServedKey[] | undefined {
  const keys = (readJson(text).value as { keys?: unknown } | null | undefined)?.keys;
  if (!Array.isArray(keys)) return undefined;
  return keys.flatMap((each: unknown) => {
    const key = JSON.stringify(each);
    const { key: facts } = readJwk(key, now, 'endpoint');
    return facts ? [{ facts, text: key }] : [];
  });
}
