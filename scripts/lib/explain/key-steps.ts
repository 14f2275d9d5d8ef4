import { componentsOf, jwksUrlOf, npmRun } from '../model';
import { textClaim } from '../token';
import {
  failed,
  deployFix,
  endpointFix,
  listDistinct,
  passed,
  inconclusive,
  type ChainStep,
  type StepEvaluation,
  type TokenChainContext,
  type CandidatePath,
} from './chain-step';
import { keysetHasKey, type OrgView } from './org-view';
import { isIdToken } from './token-kind';

/** Find the key of the token by its kid, and a keyset with that key. */
export const KEY_STEPS: readonly ChainStep<TokenChainContext>[] = [
  { name: 'key', evaluate: evaluateKey },
  { name: 'key-active', evaluate: evaluateKeyActive },
  { name: 'key-fit', evaluate: evaluateKeyUsable },
  { name: 'keyset', evaluate: evaluateKeyset },
];

function evaluateKey(context: TokenChainContext): StepEvaluation {
  const { token, keys, orgView } = context;
  const kid = textClaim(token.header, 'kid') ?? '';
  const matches = keys.filter((key) => key.kid === kid);
  if (matches.length > 0)
    return passed(
      listDistinct(matches.map(({ name }) => name)),
      matches.map((key) => ({ key })),
    );
  const unreadKeysets = unreadEndpointKeysets(orgView);
  if (unreadKeysets.length > 0 && !hasEndpointProblem(orgView))
    return inconclusive(
      `No uploaded key has the kid. The keys at ${listDistinct(unreadKeysets.map(jwksUrlOf))} were not read.`,
      unreadKeysets.map((keyset) => ({ keyset })),
    );
  return failed(`No key has the kid ${JSON.stringify(kid)}. ${describeKnownKids(context, kid)}`, keyFix(context));
}

/** Keysets whose endpoint wasn't read, or serves no keys. */
const unreadEndpointKeysets = ({ components, endpoints }: OrgView) =>
  componentsOf(components, 'PublicKeyCertificateSet').filter((keyset) => {
    const url = jwksUrlOf(keyset);
    return url !== undefined && !endpoints.get(url)?.keys;
  });

const hasEndpointProblem = ({ endpoints }: OrgView): boolean =>
  [...endpoints.values()].some(({ problem }) => problem !== undefined);

function describeKnownKids({ keys, orgView }: TokenChainContext, kid: string): string {
  const problems = [...orgView.endpoints].flatMap(([url, { problem }]) => (problem ? `${url}: ${problem}` : []));
  if (problems.length > 0) return `An endpoint serves no keys. ${problems.join(' ')}`;
  const kids = keys.flatMap((key) => key.kid ?? []);
  const similar = kids.find((each) => each.trim().toLowerCase() === kid.trim().toLowerCase());
  if (similar !== undefined)
    return `The kid ${JSON.stringify(similar)} exists; it differs in uppercase and lowercase, or in a space.`;
  return `Existing kids: ${listDistinct(kids.map((each) => JSON.stringify(each)))}.`;
}

function keyFix({ token, orgView }: TokenChainContext): string {
  const [failing] = hasEndpointProblem(orgView) ? unreadEndpointKeysets(orgView) : [];
  if (failing) return endpointFix(jwksUrlOf(failing) ?? '', failing.fullName);
  if (isIdToken(token))
    return `Trust the keys of the provider: use a keyset of type JWKS_URL with the issuer of the token and the jwks_uri of the provider's discovery document, then run ${deployFix(orgView)}.`;
  return `Sign with a key that the org has. Or add your key: ${npmRun('keys', 'import', 'NAME', '--from', 'FILE')}, list it in the keyset, then run ${deployFix(orgView)}.`;
}

function evaluateKeyActive({ candidates, orgView }: TokenChainContext): StepEvaluation {
  const remaining = candidates.filter(({ key }) => !key || key.active);
  if (remaining.length > 0) return passed('active', remaining);
  const names = listDistinct(candidates.map(({ key }) => key?.name));
  return failed(
    `Not active: ${names}. Without isActive, a key is inactive.`,
    `Set isActive to true in the source of ${names}, then run ${deployFix(orgView)}.`,
  );
}

function evaluateKeyUsable({ candidates, orgView }: TokenChainContext): StepEvaluation {
  const remaining = candidates.filter(({ key }) => !key || key.problems.length === 0);
  if (remaining.length > 0) return passed('usable', remaining);
  const key = candidates[0]?.key;
  const name = key?.name ?? '';
  const detail = `${name}: ${key?.problems.join(' ') ?? ''}`;
  if (key?.servedByKeyset !== undefined)
    return failed(detail, `Sign with a usable key of the endpoint. ${endpointFix(name, key.servedByKeyset)}`);
  return failed(
    detail,
    `Replace the certificate: ${npmRun('keys', 'import', name, '--from', 'CERTIFICATE')}, then run ${deployFix(orgView)}.`,
  );
}

function evaluateKeyset({ candidates, orgView }: TokenChainContext): StepEvaluation {
  const keysets = componentsOf(orgView.components, 'PublicKeyCertificateSet');
  const remaining = candidates.flatMap((path): readonly CandidatePath[] => {
    const { key } = path;
    return key ? keysets.filter((each) => keysetHasKey(each, key)).map((keyset) => ({ ...path, keyset })) : [path];
  });
  const names = listDistinct(remaining.map(({ keyset }) => keyset?.fullName));
  if (remaining.length > 0)
    return remaining.some(({ key }) => key) ? passed(names, remaining) : inconclusive(names, remaining);
  const keyNames = listDistinct(candidates.map(({ key }) => key?.name));
  return failed(
    [`No keyset contains ${keyNames}.`, ...endpointKeysetNotes(orgView)].join(' '),
    `Add ${keyNames} to the keyset: ${npmRun('keys', 'rotate', 'stage', 'KEYSET', '--new-key', candidates[0]?.key?.name ?? 'NAME')}. Or list it in the keyset in source, then run ${deployFix(orgView)}.`,
  );
}

/** The keys that keysets with an endpoint have instead of the uploaded key. */
const endpointKeysetNotes = ({ components, endpoints }: OrgView): readonly string[] =>
  componentsOf(components, 'PublicKeyCertificateSet').flatMap((keyset) => {
    const url = jwksUrlOf(keyset);
    if (url === undefined) return [];
    const { keys, problem } = endpoints.get(url) ?? { problem: 'It was not read.' };
    const kids = keys?.map(({ kid }) => JSON.stringify(kid ?? ''));
    return [`${keyset.fullName} fetches its keys from ${url}: ${problem ?? `It serves ${listDistinct(kids ?? [])}.`}`];
  });
