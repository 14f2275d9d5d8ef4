import { readJson } from '../json';
import { readJwk, type PublicKeyFacts } from '../jwk';

/** A key that an endpoint serves: what it says of itself, and its text for whoever verifies with it. */
export interface ServedKey {
  readonly facts: PublicKeyFacts;
  readonly text: string;
}

/** More keys than any rotation needs; each costs time, and a line where it is told. */
export const MAX_KEYS = 100;

/** The readable keys of a JWKS document (RFC 7517, section 5); undefined where the text is none, or has too many. */
export function servedKeys(text: string, now: Date): readonly ServedKey[] | undefined {
  const keys = (readJson(text).value as { keys?: unknown } | null | undefined)?.keys;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) return undefined;
  return keys.flatMap((each: unknown) => {
    const key = JSON.stringify(each);
    const { key: facts } = readJwk(key, now, 'endpoint');
    return facts ? [{ facts, text: key }] : [];
  });
}
