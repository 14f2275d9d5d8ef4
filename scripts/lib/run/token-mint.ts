import { pairsOf, verifiedChannels, type Pair } from '../chain';
import type { Context } from '../cli';
import { EXIT, ToolError, type ErrorCode, type ExitCode } from '../errors';
import { readPrivateKey, thumbprintOf } from '../issuer';
import type { Desired } from '../model';
import { loadProject } from '../project';
import { fingerprintOf, isAlgorithm, signedToken } from '../token';
import type { MintFlags } from './token-flags';

/**
 * Prints a test token for a channel: issuer and kid as the project states them for the org. It is the one place where a token
 * is shown, for that is what it is for; on standard output, or as a member of the JSON document.
 */
export async function runMint({ flags, now, show, progress, document }: Context<MintFlags>): Promise<ExitCode> {
  const desired = oneOrg(flags, now);
  const key = readPrivateKey(flags.privateKey);
  const { issuer, key: known } = pairFor(desired, flags, thumbprintOf(key), now);
  const iat = Math.floor(now.getTime() / 1000);
  const header = {
    alg: flags.alg ?? (isAlgorithm(known?.alg) ? known.alg : 'RS256'),
    kid: flags.kid ?? known?.kid ?? '',
  };
  const claims = { iss: issuer, sub: flags.subject, iat, exp: iat + flags.life * 60 };
  const token = signedToken(header, claims, key);
  const fingerprint = fingerprintOf(token);
  progress(
    `${fingerprint}: ${flags.subject} on ${flags.channel} of ${desired.org.alias}, ${header.alg}, kid ${header.kid}, until ${new Date(claims.exp * 1000).toISOString()}`,
  );
  if (flags.json)
    document(
      JSON.stringify(
        { command: 'token mint', exitCode: EXIT.done, findings: [], token, header, claims, fingerprint },
        null,
        2,
      ),
    );
  else show(token);
  return EXIT.done;
}

function oneOrg({ project, org, wave }: Context<MintFlags>['flags'], now: Date): Desired {
  const { orgs, findings } = loadProject(project, { orgs: org, ...(wave !== undefined && { wave }) }, now);
  const [first, ...others] = orgs;
  if (!first && findings.length > 0)
    throw refused('No org file can be read.', findings[0]?.message ?? '', 'Run npm run check.');
  if (!first || others.length > 0)
    throw refused('A token is for one org.', `${orgs.length} orgs are selected.`, 'Name it: --org <alias>.');
  if (first.org.kind !== 'production') return first;
  throw refused(
    `No token is made for "${first.org.alias}".`,
    'It is production (or does not say what it is): a token made by hand would let somebody chat as a customer.',
    'Use a sandbox. In production, npm run verify takes tokens of your own issuer with --token-command.',
  );
}

function pairFor({ org, components }: Desired, { channel, kid }: MintFlags, thumbprint: string, now: Date): Pair {
  const picture = { alias: org.alias, view: 'source', components, endpoints: new Map() } as const;
  const names = verifiedChannels(picture, components).map(({ fullName }) => fullName);
  if (!names.includes(channel))
    throw refused(
      `"${org.alias}" verifies nobody on "${channel}".`,
      `Verified channels are: ${names.join(', ') || 'none'}.`,
      'Name one of them: --channel.',
      'unknown-component',
    );
  const pairs = pairsOf(picture, channel, now);
  const own = pairs.find((pair) => (kid === undefined ? pair.key?.thumbprint === thumbprint : pair.key?.kid === kid));
  const [first] = pairs;
  if (own?.key?.kid !== undefined) return own;
  if (first && kid !== undefined) return { issuer: first.issuer, authIdentifier: first.authIdentifier };
  throw refused(
    'The private key belongs to no key of the channel.',
    `The keysets of ${channel} have: ${pairs.flatMap(({ key }) => key?.name ?? []).join(', ') || 'no key that the source knows'}.`,
    'Name the private key of one of them. For a key at an endpoint, or to try a wrong one: --kid.',
    'unknown-component',
  );
}

const refused = (what: string, why: string, fix: string, code: ErrorCode = 'bad-flag'): ToolError =>
  new ToolError(code, { what, why, fix }, { exit: EXIT.invalid });
