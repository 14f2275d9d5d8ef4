import { componentsOf, jwksUrlOf } from '../model';
import { textClaim } from '../token';
import {
  failed,
  deployFix,
  endpointFix,
  joinNames,
  passed,
  inconclusive,
  type ChainStep,
  type StepEvaluation,
  type TokenChainContext,
  type CandidatePath,
} from './chain-step';
import { keysetHasKey, type OrgView } from './org-view';

/** From the kid of a token to a keyset that trusts its key. */
export const KEY_STEPS: readonly ChainStep<TokenChainContext>[] = [
  { name: 'key', evaluate: evaluateKey },
  { name: 'key-active', evaluate: evaluateKeyActive },
  { name: 'key-fit', evaluate: evaluateKeyUsable },
  { name: 'keyset', evaluate: evaluateKeyset },
];

function evaluateKey(context: TokenChainContext): StepEvaluation {
  const { token, keys, orgView } = context;
  const kid = textClaim(token.header, 'kid') ?? '';
  const matches = keys.filter((each) => each.kid === kid);
  if (matches.length > 0)
    return passed(
      joinNames(matches.map(({ name }) => name)),
      matches.map((each) => ({ key: each })),
    );
  const unreadKeysets = unreadEndpointKeysets(orgView);
  if (unreadKeysets.length > 0 && !hasEndpointProblem(orgView))
    return inconclusive(
      `No uploaded key has the kid; what ${joinNames(unreadKeysets.map(jwksUrlOf))} serves was not looked at.`,
      unreadKeysets.map((each) => ({ keyset: each })),
    );
  return failed(`No key has the kid ${JSON.stringify(kid)}. ${describeKnownKids(context, kid)}`, keyFix(context));
}

/** Keysets whose endpoint nobody looked at. */
const unreadEndpointKeysets = ({ components, endpoints }: OrgView) =>
  componentsOf(components, 'PublicKeyCertificateSet').filter((each) => {
    const url = jwksUrlOf(each);
    return url !== undefined && !endpoints.get(url)?.keys;
  });

const hasEndpointProblem = ({ endpoints }: OrgView): boolean =>
  [...endpoints.values()].some(({ problem }) => problem !== undefined);

function describeKnownKids({ keys, orgView }: TokenChainContext, kid: string): string {
  const problems = [...orgView.endpoints].flatMap(([address, { problem }]) =>
    problem ? `${address}: ${problem}` : [],
  );
  if (problems.length > 0) return `An endpoint serves no keys. ${problems.join(' ')}`;
  const kids = keys.flatMap((each) => each.kid ?? []);
  const similar = kids.find((each) => each.trim().toLowerCase() === kid.trim().toLowerCase());
  if (similar !== undefined) return `There is ${JSON.stringify(similar)}, which differs in case or in a blank.`;
  return `There are: ${joinNames(kids.map((each) => JSON.stringify(each)))}.`;
}

function keyFix({ orgView }: TokenChainContext): string {
  const [failing] = hasEndpointProblem(orgView) ? unreadEndpointKeysets(orgView) : [];
  return failing
    ? endpointFix(jwksUrlOf(failing) ?? '', failing.fullName)
    : `Sign with a key that the org has, or bring yours: npm run keys -- import <Key_Name> --from FILE, name it in the keyset, ${deployFix(orgView)}.`;
}

function evaluateKeyActive({ candidates, orgView }: TokenChainContext): StepEvaluation {
  const remaining = candidates.filter((way) => !way.key || way.key.active);
  if (remaining.length > 0) return passed('active', remaining);
  const names = joinNames(candidates.map((way) => way.key?.name));
  return failed(
    `${names} is not active; a key that does not say isActive is not.`,
    `Set isActive to true in the source of ${names}, then ${deployFix(orgView)}.`,
  );
}

function evaluateKeyUsable({ candidates, orgView }: TokenChainContext): StepEvaluation {
  const remaining = candidates.filter((way) => !way.key || way.key.problems.length === 0);
  if (remaining.length > 0) return passed('usable', remaining);
  const [candidate] = candidates;
  const name = candidate?.key?.name ?? '';
  return failed(
    `${name}: ${candidate?.key?.problems.join(' ') ?? ''}`,
    `Mend the key: npm run keys -- import ${name} --from <certificate of the same pair>, then ${deployFix(orgView)}.`,
  );
}

function evaluateKeyset({ candidates, orgView }: TokenChainContext): StepEvaluation {
  const keysets = componentsOf(orgView.components, 'PublicKeyCertificateSet');
  const remaining = candidates.flatMap((way): readonly CandidatePath[] =>
    way.key
      ? keysets.filter((each) => way.key && keysetHasKey(each, way.key)).map((each) => ({ ...way, keyset: each }))
      : [way],
  );
  const names = joinNames(remaining.map((way) => way.keyset?.fullName));
  if (remaining.length > 0)
    return remaining.some((way) => way.key) ? passed(names, remaining) : inconclusive(names, remaining);
  const keyNames = joinNames(candidates.map((way) => way.key?.name));
  return failed(
    [`${keyNames} is listed in no keyset.`, ...endpointKeysetNotes(orgView)].join(' '),
    `Name ${keyNames} in the keyset: npm run keys -- rotate stage <keyset> --new-key ${keyNames}, or add it to the source and ${deployFix(orgView)}.`,
  );
}

/** What keysets of endpoints have instead of the uploaded key. */
const endpointKeysetNotes = ({ components, endpoints }: OrgView): readonly string[] =>
  componentsOf(components, 'PublicKeyCertificateSet').flatMap((each) => {
    const url = jwksUrlOf(each);
    if (url === undefined) return [];
    const { keys, problem } = endpoints.get(url) ?? { problem: 'It was not looked at.' };
    const kids = keys?.map(({ facts }) => JSON.stringify(facts.kid ?? ''));
    return [`${each.fullName} fetches its keys from ${url}: ${problem ?? `it serves ${joinNames(kids ?? [])}.`}`];
  });
