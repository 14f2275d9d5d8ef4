import { EXIT, ToolError } from '../errors';
import { readJwk, type PublicKeyFacts } from '../jwk';
import { componentsOf, textAt, type Component, type ComponentMap } from '../model';

/** What a key of the source or of an org says of itself. */
export const factsOf = (key: Component | undefined, now = new Date(0)): PublicKeyFacts | undefined =>
  key && readJwk(textAt(key.root, 'jsonWebKey') ?? '', now).key;

/** Refuses a name or a kid that another key of the source has. */
export function verifyFree(source: ComponentMap, name: string, kid: string | undefined): void {
  const same = componentsOf(source, 'PublicKeyCertificate').find(
    ({ fullName }) => fullName.toLowerCase() === name.toLowerCase(),
  );
  if (same)
    throw taken(`There is a key ${same.fullName} already.`, 'Give the new key a name of its own, e.g. with the year.');
  const twin = componentsOf(source, 'PublicKeyCertificate').find(
    (key) => kid !== undefined && factsOf(key)?.kid === kid,
  );
  if (twin) throw taken(`The key ${twin.fullName} has this kid already.`, 'Leave --kid out, or choose another.');
}

const taken = (what: string, fix: string): ToolError =>
  new ToolError(
    'already-there',
    { what, why: 'A token names its key by kid, and an org holds a key by name: both have to be unique.', fix },
    { exit: EXIT.invalid },
  );
