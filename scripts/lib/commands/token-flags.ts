import { InvalidArgumentError, type Command } from 'commander';
import { addSubcommand } from '../cli';
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

/** Help: a test token is for trying; an hour is the longest anybody needs to. */
const MAX_LIFETIME_MINUTES = 60;

/** Adds the verbs of `token`. */
export function addTokenCommands(program: Command): Command {
  program.usage('<verb> [options]').argument('[verb]', 'mint, explain').action(rejectUnknownVerb);
  addSubcommand(program, 'mint', 'Prints a test token for a channel of one org; never for production.')
    .requiredOption('--channel <name>', 'developer name of the channel')
    .requiredOption('--subject <sub>', 'the customer that it is for')
    .requiredOption('--private-key <file>', 'private key of a key that the keyset has')
    .option('--lifetime <minutes>', `how long it is valid, up to ${MAX_LIFETIME_MINUTES}`, parseMinutes, 5)
    .option('--kid <kid>', 'key to name in it (default: the one that the private key belongs to)')
    .option('--alg <name>', 'RS256 or RS512 (default: what the key is declared for)', parseAlgorithm);
  addSubcommand(
    program,
    'explain',
    'Reads a token, an error or an answer on standard input, and names the first broken link.',
  )
    .option('--from-org', 'look at what the org holds, instead of what the source states', false)
    .option('--at <time>', 'the clock to hold its times against, e.g. 2026-11-22T12:00:00Z (default: now)', parseTime)
    .option('--channel <name>', 'only this channel')
    .option('--allow-loopback', 'also read endpoints on this machine: for tests and local orgs', false);
  return program;
}

/** What stands there may be a token, so it is not repeated. */
function rejectUnknownVerb(verb: string | undefined, _flags: object, program: Command): void {
  const problem = verb === undefined ? 'token asks for a verb' : 'This is no verb of token';
  program.error(`${problem}; there are mint and explain. A token itself goes to standard input.`);
}

function parseMinutes(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_LIFETIME_MINUTES) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number of minutes from 1 to ${MAX_LIFETIME_MINUTES}.`);
}

function parseAlgorithm(text: string): Algorithm {
  if (text === 'RS256' || text === 'RS512') return text;
  throw new InvalidArgumentError('It must be RS256 or RS512.');
}

/** A moment with its zone, or seconds since 1970. */
function parseTime(text: string): Date {
  const date = /^\d{9,11}$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  const hasZone = /^\d{9,11}$|(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  if (hasZone && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('It must be a time with its zone, e.g. 2026-11-22T12:00:00Z, or seconds since 1970.');
}
