import { expectedTokensFor, verifiedChannels, type ExpectedToken } from '../explain';
import type { Context } from '../cli';
import { EXIT, ToolError, type ErrorCode, type ExitCode } from '../errors';
import { readPrivateKey, thumbprintOf } from '../token';
import { type DesiredState, npmRun } from '../model';
import { loadProject } from '../project';
import { tokenFingerprint, signingAlgorithm, signToken } from '../token';
import type { MintFlags } from './token-flags';

/**
 * Prints a test token for a channel, with the issuer and kid that the project declares for the org. This is the only place that
 * prints a token: to stdout, or in the JSON document.
 */
export async function runMint({ flags, now, printSecret, log }: Context<MintFlags>): Promise<ExitCode> {
  const desired = requireSingleOrg(flags, now);
  const key = readPrivateKey(flags.privateKey, log);
  const { issuer, key: declaredKey } = expectedTokenFor(desired, flags, thumbprintOf(key), now);
  const iat = Math.floor(now.getTime() / 1000);
  const header = {
    alg: flags.alg ?? signingAlgorithm(declaredKey?.alg),
    kid: flags.kid ?? declaredKey?.kid ?? '',
  };
  const claims = { iss: issuer, sub: flags.subject, iat, exp: iat + flags.lifetime * 60 };
  const token = signToken(header, claims, key);
  const fingerprint = tokenFingerprint(token);
  log(
    `${fingerprint}: ${flags.subject} on ${flags.channel} of ${desired.org.alias}, ${header.alg}, kid ${header.kid}, until ${new Date(claims.exp * 1000).toISOString()}`,
  );
  if (flags.json)
    printSecret(
      JSON.stringify(
        { command: 'token mint', exitCode: EXIT.done, findings: [], token, header, claims, fingerprint },
        null,
        2,
      ),
    );
  else printSecret(token);
  return EXIT.done;
}

function requireSingleOrg({ project, org, wave }: Context<MintFlags>['flags'], now: Date): DesiredState {
  const { orgs, findings } = loadProject(project, { orgs: org, ...(wave !== undefined && { wave }) }, now);
  const [desired, ...otherOrgs] = orgs;
  if (!desired && findings.length > 0)
    throw mintError(
      'No org file can be read.',
      findings[0]?.message ?? '',
      `To see the problems of org files: ${npmRun('check')}`,
    );
  if (!desired || otherOrgs.length > 0)
    throw mintError(
      'A token is for exactly one org.',
      `${orgs.length} orgs are selected.`,
      'Select one with --org <alias>.',
    );
  if (desired.org.kind !== 'production') return desired;
  throw mintError(
    `"${desired.org.alias}" is a production org, so no test token is created for it.`,
    'A test token would let anyone with it chat as a customer. An org file without "kind" counts as production.',
    `Use a sandbox. In production, use tokens of your token service: ${npmRun('verify', '--token-command', 'COMMAND')}`,
  );
}

function expectedTokenFor(
  { org, components }: DesiredState,
  { channel, kid }: MintFlags,
  thumbprint: string,
  now: Date,
): ExpectedToken {
  const sourceView = { alias: org.alias, view: 'source', components, endpoints: new Map() } as const;
  const names = verifiedChannels(sourceView, components).map(({ fullName }) => fullName);
  if (!names.includes(channel))
    throw mintError(
      `"${channel}" isn't a verified channel of "${org.alias}".`,
      `Verified channels: ${names.join(', ') || 'none'}.`,
      'Select one of them with --channel.',
      'unknown-component',
    );
  const expectedTokens = expectedTokensFor(sourceView, channel, now);
  const match = expectedTokens.find((pair) =>
    kid === undefined ? pair.key?.thumbprint === thumbprint : pair.key?.kid === kid,
  );
  const [first] = expectedTokens;
  if (match?.key?.kid !== undefined) return match;
  if (first && kid !== undefined) return { issuer: first.issuer, authIdentifier: first.authIdentifier };
  throw mintError(
    'The private key belongs to no key of the channel.',
    `The keysets of ${channel} contain: ${expectedTokens.flatMap(({ key }) => key?.name ?? []).join(', ') || 'no key in the source'}.`,
    'Use the private key of one of them. For a key at an endpoint, or to test a wrong key, add --kid.',
    'unknown-component',
  );
}

const mintError = (what: string, why: string, fix: string, code: ErrorCode = 'invalid-flag'): ToolError =>
  new ToolError(code, { what, why, fix }, { exit: EXIT.invalid });
