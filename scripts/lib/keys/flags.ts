import { InvalidArgumentError, type Command } from 'commander';
import { repeatable, addSubcommand, positiveInteger } from '../cli';

/** `keys new NAME`: where the private key goes, and what the key and its certificate say. */
export interface NewFlags {
  readonly verb: 'new';
  readonly name: string;
  readonly privateKey?: string;
  readonly privateKeyTo?: string;
  readonly bits: 2048 | 4096;
  readonly alg: 'RS256' | 'RS512';
  readonly kid?: string;
  readonly days: number;
  readonly subject?: string;
  /** File for a signing request; a certificate authority makes the certificate. */
  readonly request?: string;
}

/** `keys import NAME`: where the public key comes from. */
export interface ImportFlags {
  readonly verb: 'import';
  readonly name: string;
  readonly from?: string;
  readonly certificate?: string;
  readonly setupCertificate?: string;
  readonly kid?: string;
  readonly alg?: 'RS256' | 'RS512';
  readonly allowLoopback: boolean;
}

/** `keys jwks KEYSET`: which keys the document holds, and where it is written. */
export interface JwksFlags {
  readonly verb: 'jwks';
  readonly name: string;
  readonly key: readonly string[];
  readonly out?: string;
}

/** `keys list`. */
export interface ListFlags {
  readonly verb: 'list';
  readonly within: number;
}

/** `keys check-endpoint KEYSET`. */
export interface CheckEndpointFlags {
  readonly verb: 'check-endpoint';
  readonly name: string;
  readonly key: readonly string[];
  readonly allowLoopback: boolean;
}

export const ROTATE_STEPS = ['stage', 'check', 'switch', 'retire', 'delete', 'status'] as const;
export type RotateStep = (typeof ROTATE_STEPS)[number];

/** `keys rotate STEP KEYSET`. */
export interface RotateFlags {
  readonly verb: 'rotate';
  readonly name: string;
  readonly step: RotateStep;
  readonly newKey?: string;
  readonly oldKey?: string;
  /** Minutes. */
  readonly tokenLifetime?: number;
  readonly cacheHours?: number;
  readonly confirm: boolean;
  readonly compromised: boolean;
  readonly accept: readonly string[];
  readonly allowLoopback: boolean;
}

export type KeysFlags = NewFlags | ImportFlags | JwksFlags | ListFlags | CheckEndpointFlags | RotateFlags;

const VERBS = 'new, import, jwks, check-endpoint, list, rotate';

/** Adds the verbs of `keys`. What a verb is told ends up among the flags of the program, together with its name. */
export function keysFlags(program: Command): Command {
  program.usage('<verb> [options]').argument('[verb]', VERBS).action(rejectVerb);
  [newVerb, importVerb, jwksVerb, checkEndpointVerb, listVerb, rotateVerb].forEach((add) => add(program));
  return program;
}

function rejectVerb(verb: string | undefined, _flags: object, program: Command): void {
  program.error(
    verb === undefined ? `keys asks for a verb: ${VERBS}.` : `"${verb}" is no verb of keys; there are ${VERBS}.`,
  );
}

const verb = (program: Command, usage: string, summary: string): Command =>
  addSubcommand(program, usage, summary, argumentsOf);

/** The last argument is the key or keyset; `rotate` has its step before it. */
function argumentsOf({ processedArgs }: Command): { readonly name: string; readonly step?: unknown } {
  const args: readonly unknown[] = processedArgs;
  const name = typeof args.at(-1) === 'string' ? String(args.at(-1)) : '';
  return { name, ...(args.length > 1 && { step: args[0] }) };
}

const ALLOW_LOOPBACK = [
  '--allow-loopback',
  'also read http addresses on this machine: for tests and local orgs',
] as const;

function newVerb(program: Command): void {
  verb(program, 'new <key>', 'Makes a key pair, its certificate, and the PublicKeyCertificate in the source.')
    .option('--private-key <file>', 'new file for the private key, readable by you alone, outside of git')
    .option('--private-key-to <command>', 'command line that takes the private key on its standard input')
    .option('--bits <number>', '2048 or 4096', parseChoice(2048, 4096), 2048)
    .option('--alg <name>', 'RS256 or RS512', parseChoice('RS256', 'RS512'), 'RS256')
    .option('--kid <kid>', 'name of the key in tokens (default: its RFC 7638 thumbprint)')
    .option('--days <number>', 'how long the certificate is valid', positiveInteger, 365)
    .option('--subject <name>', 'subject of the certificate (default: CN=<key>)')
    .option('--request <file>', 'write a signing request for a CA instead of signing the certificate with the key');
}

function importVerb(program: Command): void {
  verb(program, 'import <key>', 'Takes a public key that exists already into the source.')
    .option('--from <file-or-url>', 'PEM certificate, PEM public key, JWK, JWKS, or the https address of a JWKS')
    .option('--certificate <file>', 'PEM certificate that belongs to the key of --from')
    .option(
      '--setup-certificate <name>',
      'certificate of the org that --org names (Setup: Certificate and Key Management)',
    )
    .option('--kid <kid>', 'the key to take of a JWKS, or the kid to give to a key without one')
    .option('--alg <name>', 'RS256 or RS512, for a key that does not say', parseChoice('RS256', 'RS512'))
    .option(...ALLOW_LOOPBACK, false);
}

function jwksVerb(program: Command): void {
  verb(program, 'jwks <keyset>', 'Writes the JWKS document that an endpoint should serve.')
    .option(
      '--key <name>',
      'a key of the document; repeat it (default: the keys of the keyset and its rotation)',
      repeatable,
      [],
    )
    .option('--out <file>', 'where to write it (default: standard output)');
}

function checkEndpointVerb(program: Command): void {
  verb(program, 'check-endpoint <keyset>', 'Looks whether the endpoint of a keyset is fit for Salesforce.')
    .option('--key <name>', 'a key that it should serve; repeat it (default: the keys of its rotation)', repeatable, [])
    .option(...ALLOW_LOOPBACK, false);
}

function listVerb(program: Command): void {
  verb(program, 'list', 'Lists every key of every org. Exit code 2 if a certificate ends soon.').option(
    '--within <days>',
    'what counts as soon',
    positiveInteger,
    30,
  );
}

function rotateVerb(program: Command): void {
  verb(program, 'rotate <step> [keyset]', `Replaces a key without a gap, step by step: ${ROTATE_STEPS.join(', ')}.`)
    .option('--new-key <name>', 'stage: the new key')
    .option('--old-key <name>', 'stage, retire --compromised: the old key (default: the only other active one)')
    .option('--token-lifetime <minutes>', 'stage: longest life of the tokens that your signer issues', positiveInteger)
    .option('--cache-hours <hours>', 'stage: allowance for caches and clocks (default: 72)', parseHours)
    .option('--confirm', 'switch: the signer has switched, everywhere', false)
    .option('--compromised', 'retire: at once, because somebody else may hold the private key', false)
    .option('--accept <impact>', 'go ahead without asking: "disruptive"', repeatable, [])
    .option(...ALLOW_LOOPBACK, false);
}

const parseChoice =
  <T extends string | number>(...choices: readonly T[]) =>
  (value: string): T => {
    const chosen = choices.find((choice) => String(choice) === value);
    if (chosen === undefined) throw new InvalidArgumentError(`It must be ${choices.join(' or ')}.`);
    return chosen;
  };

/** No allowance at all is a choice too. */
const parseHours = (value: string): number => (value === '0' ? 0 : positiveInteger(value));
