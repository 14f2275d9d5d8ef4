import { componentsOf } from '../model';
import { textClaim } from '../token';
import {
  broken,
  deployFix,
  endpointFix,
  named,
  ok,
  unknown,
  type Link,
  type Look,
  type TokenScene,
  type Way,
} from './link';
import { endpointOf, holds, type Picture } from './picture';

/** From the kid of a token to a keyset that trusts its key. */
export const KEY_LINKS: readonly Link<TokenScene>[] = [
  { name: 'key', look: key },
  { name: 'key-active', look: active },
  { name: 'key-fit', look: fit },
  { name: 'keyset', look: keyset },
];

function key(scene: TokenScene): Look {
  const { token, keys, picture } = scene;
  const kid = textClaim(token.header, 'kid') ?? '';
  const found = keys.filter((each) => each.kid === kid);
  if (found.length > 0)
    return ok(
      named(found.map(({ name }) => name)),
      found.map((each) => ({ key: each })),
    );
  const unseen = keysetsWithout(picture);
  if (unseen.length > 0 && !hasProblem(picture))
    return unknown(
      `No uploaded key has the kid; what ${named(unseen.map(endpointOf))} serves was not looked at.`,
      unseen.map((each) => ({ keyset: each })),
    );
  return broken(`No key has the kid ${JSON.stringify(kid)}. ${known(scene, kid)}`, keyFix(scene));
}

/** Keysets whose endpoint nobody looked at. */
const keysetsWithout = ({ components, endpoints }: Picture) =>
  componentsOf(components, 'PublicKeyCertificateSet').filter((each) => {
    const address = endpointOf(each);
    return address !== undefined && !endpoints.get(address)?.keys;
  });

const hasProblem = ({ endpoints }: Picture): boolean =>
  [...endpoints.values()].some(({ problem }) => problem !== undefined);

function known({ keys, picture }: TokenScene, kid: string): string {
  const problems = [...picture.endpoints].flatMap(([address, { problem }]) =>
    problem ? `${address}: ${problem}` : [],
  );
  if (problems.length > 0) return `An endpoint serves no keys. ${problems.join(' ')}`;
  const kids = keys.flatMap((each) => each.kid ?? []);
  const close = kids.find((each) => each.trim().toLowerCase() === kid.trim().toLowerCase());
  if (close !== undefined) return `There is ${JSON.stringify(close)}, which differs in case or in a blank.`;
  return `There are: ${named(kids.map((each) => JSON.stringify(each)))}.`;
}

function keyFix({ picture }: TokenScene): string {
  const [silent] = hasProblem(picture) ? keysetsWithout(picture) : [];
  return silent
    ? endpointFix(endpointOf(silent) ?? '', silent.fullName)
    : `Sign with a key that the org has, or bring yours: npm run keys -- import <Key_Name> --from FILE, name it in the keyset, ${deployFix(picture)}.`;
}

function active({ ways, picture }: TokenScene): Look {
  const open = ways.filter((way) => !way.key || way.key.active);
  if (open.length > 0) return ok('active', open);
  const names = named(ways.map((way) => way.key?.name));
  return broken(
    `${names} is not active; a key that does not say isActive is not.`,
    `Set isActive to true in the source of ${names}, then ${deployFix(picture)}.`,
  );
}

function fit({ ways, picture }: TokenScene): Look {
  const open = ways.filter((way) => !way.key || way.key.problems.length === 0);
  if (open.length > 0) return ok('usable', open);
  const [first] = ways;
  const name = first?.key?.name ?? '';
  return broken(
    `${name}: ${first?.key?.problems.join(' ') ?? ''}`,
    `Mend the key: npm run keys -- import ${name} --from <certificate of the same pair>, then ${deployFix(picture)}.`,
  );
}

function keyset({ ways, picture }: TokenScene): Look {
  const keysets = componentsOf(picture.components, 'PublicKeyCertificateSet');
  const open = ways.flatMap((way): readonly Way[] =>
    way.key
      ? keysets.filter((each) => way.key && holds(each, way.key)).map((each) => ({ ...way, keyset: each }))
      : [way],
  );
  const names = named(open.map((way) => way.keyset?.fullName));
  if (open.length > 0) return open.some((way) => way.key) ? ok(names, open) : unknown(names, open);
  const missing = named(ways.map((way) => way.key?.name));
  return broken(
    [`${missing} is listed in no keyset.`, ...elsewhere(picture)].join(' '),
    `Name ${missing} in the keyset: npm run keys -- rotate stage <keyset> --key ${missing}, or add it to the source and ${deployFix(picture)}.`,
  );
}

/** What keysets of endpoints have instead of the uploaded key. */
const elsewhere = ({ components, endpoints }: Picture): readonly string[] =>
  componentsOf(components, 'PublicKeyCertificateSet').flatMap((each) => {
    const address = endpointOf(each);
    if (address === undefined) return [];
    const { keys, problem } = endpoints.get(address) ?? { problem: 'It was not looked at.' };
    const kids = keys?.map(({ facts }) => JSON.stringify(facts.kid ?? ''));
    return [`${each.fullName} fetches its keys from ${address}: ${problem ?? `it serves ${named(kids ?? [])}.`}`];
  });
