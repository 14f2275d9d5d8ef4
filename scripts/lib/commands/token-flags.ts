import { InvalidArgumentError, type Command } from 'commander';
import { addOrgFlag, addOrgFlags, addSubcommand, rejectOtherSubcommands } from '../cli';
import { EXIT } from '../errors';
import { parseTime } from '../plan/duration';
import type { Algorithm } from '../token';

/** `token mint`. */
export interface MintFlags {
  readonly verb: 'mint';
  readonly channel: string;
  readonly subject: string;
  readonly privateKey: string;
  /** Minutes. */
  readonly lifetime: number;
  readonly kid?: string;
  readonly alg?: Algorithm;
}

/** `token explain`. */
export interface ExplainFlags {
  readonly verb: 'explain';
  readonly fromOrg: boolean;
  readonly at?: Date;
  readonly channel?: string;
  readonly allowLoopback: boolean;
}

export type TokenFlags = MintFlags | ExplainFlags;

/** The longest lifetime of a test token, in minutes. */
const MAX_LIFETIME_MINUTES = 60;

/** Adds the subcommands of `token`. */
export function addTokenCommands(program: Command): Command {
  addMintCommand(program);
  addExplainCommand(program);
  // The word may be a token, so the message doesn't repeat it.
  return rejectOtherSubcommands(
    program,
    (_word, names) =>
      `The subcommand is unknown. Subcommands: ${names.join(', ')}. Pass a token on stdin, not as an argument.`,
  );
}

function addMintCommand(program: Command): void {
  const command = addSubcommand(program, 'mint', {
    summary: 'Print a test token for a channel of one org that is not production.',
    examples: [
      [
        'Create a token that is valid for 5 minutes:',
        'npm run -s token -- mint --org uat --channel Web_Chat --subject C-1001 --private-key ../uat.pem',
      ],
      [
        'Write a token to a file, for token explain:',
        'npm run -s token -- mint --org uat --channel Web_Chat --subject C-1001 --private-key ../uat.pem > token.txt',
      ],
    ],
    exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  });
  addOrgFlag(command, '(required) Alias of an org file in config/orgs.')
    .requiredOption('--channel <name>', '(required) Developer name of the channel.')
    .requiredOption('--subject <sub>', '(required) Subject of the token: the ID of a customer.')
    .requiredOption('--private-key <file>', '(required) Private key of a key in the keyset.')
    .option('--lifetime <minutes>', `Lifetime in minutes, up to ${MAX_LIFETIME_MINUTES}.`, parseMinutes, 5)
    .option('--kid <kid>', 'Key ID of the token. Default: the kid of the private key.')
    .option('--alg <name>', 'Algorithm, RS256 or RS512. Default: the algorithm of the key.', parseAlgorithm);
}

function addExplainCommand(program: Command): void {
  const command = addSubcommand(program, 'explain', {
    summary: 'Explain a token, an error message, or an HTTP response on stdin, and name the first failed step.',
    examples: [
      ['Explain a token with the source of every org:', 'npm run -s token -- explain < token.txt'],
      [
        'Explain a token with the live state of one org:',
        'npm run -s token -- explain --org uat --from-org < token.txt',
      ],
    ],
    exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid, EXIT.unreachable],
  });
  addOrgFlags(command)
    .option('--from-org', 'Read the live state of the org instead of the source.', false)
    .option('--at <time>', 'Time to check the token at, such as 2026-11-22T12:00:00Z. Default: now.', parseMoment)
    .option('--channel <name>', 'Developer name of a channel. Default: all channels.')
    .option('--allow-loopback', 'Also read JWKS endpoints on this machine, for tests and local orgs.', false);
}

function parseMinutes(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_LIFETIME_MINUTES) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number of minutes from 1 to ${MAX_LIFETIME_MINUTES}.`);
}

function parseAlgorithm(text: string): Algorithm {
  if (text === 'RS256' || text === 'RS512') return text;
  throw new InvalidArgumentError('It must be RS256 or RS512.');
}

/** A time with its zone, or seconds since 1970. */
function parseMoment(text: string): Date {
  const date = /^\d{9,11}$/.test(text) ? new Date(Number(text) * 1000) : parseTime(text);
  if (date) return date;
  throw new InvalidArgumentError('It must be a time with its zone, e.g. 2026-11-22T12:00:00Z, or seconds since 1970.');
}
