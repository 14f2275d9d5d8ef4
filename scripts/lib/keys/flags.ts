import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  repeatable,
  addConfirmFlags,
  addOrgFlag,
  addOrgFlags,
  addSubcommand,
  excludesFlags,
  needsFlag,
  positiveInteger,
  rejectOtherSubcommands,
  type HelpText,
} from '../cli';
import { EXIT } from '../errors';
import { closestMatch } from '../metadata/closest-match';

/** `keys new <key>`. */
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
  /** File for a signing request; a certificate authority then creates the certificate. */
  readonly request?: string;
}

/** `keys import <key>`. */
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

/** `keys jwks <keyset>`. */
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

/** `keys check-endpoint <keyset>`. */
export interface CheckEndpointFlags {
  readonly verb: 'check-endpoint';
  readonly name: string;
  readonly key: readonly string[];
  readonly allowLoopback: boolean;
}

/** `keys provider <url>`. */
export interface ProviderFlags {
  readonly verb: 'provider';
  /** The issuer, or the URL of the discovery document. */
  readonly name: string;
  readonly keyset: string;
  readonly write: boolean;
  readonly allowLoopback: boolean;
}

export const ROTATE_STEPS = ['stage', 'check', 'switch', 'retire', 'delete', 'status'] as const;
export type RotateStep = (typeof ROTATE_STEPS)[number];

/** `keys rotate <step> <keyset>`. */
export interface RotateFlags {
  readonly verb: 'rotate';
  readonly yes?: boolean;
  readonly dryRun?: boolean;
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

export type KeysFlags =
  NewFlags | ImportFlags | JwksFlags | ListFlags | CheckEndpointFlags | ProviderFlags | RotateFlags;

/** Adds the subcommands of `keys`. Their flags and their name end up among the flags of the program. */
export function keysFlags(program: Command): Command {
  [addNew, addImport, addProvider, addJwks, addCheckEndpoint, addList, addRotate].forEach((add) => add(program));
  return rejectOtherSubcommands(program, (subcommand, names) => {
    const similar = closestMatch(subcommand, names);
    const question = similar === undefined ? '' : ` Did you mean ${similar}?`;
    return `Unknown subcommand "${subcommand}".${question} Subcommands: ${names.join(', ')}.`;
  });
}

const addKeysCommand = (program: Command, usage: string, help: HelpText): Command =>
  addSubcommand(program, usage, help, argumentsOf);

/** The last argument is the key or keyset; `rotate` has its step before it. */
function argumentsOf({ processedArgs }: Command): { readonly name: string; readonly step?: unknown } {
  const args: readonly unknown[] = processedArgs;
  const name = typeof args.at(-1) === 'string' ? String(args.at(-1)) : '';
  return { name, ...(args.length > 1 && { step: args[0] }) };
}

const ALLOW_LOOPBACK = ['--allow-loopback', 'Also read http URLs on this machine, for tests and local orgs.'] as const;

function addNew(program: Command): void {
  const command = addKeysCommand(program, 'new <key>', {
    summary: 'Create a key pair, its certificate, and the JSON web key in the source.',
    examples: [
      ['Create a key, and write its private key to a file:', 'npm run keys -- new Chat_2027 --private-key ../chat.pem'],
      ['Pass the private key to a vault:', 'npm run keys -- new Chat_2027 --private-key-to "vault write key"'],
    ],
    exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  })
    .option('--private-key <file>', 'New file for the private key, outside of git. Only you can read it.')
    .option('--private-key-to <command>', 'Command that reads the private key from stdin.')
    .option('--bits <number>', 'Key size, 2048 or 4096.', parseChoice(2048, 4096), 2048)
    .option('--alg <name>', 'Algorithm, RS256 or RS512.', parseChoice('RS256', 'RS512'), 'RS256')
    .option('--kid <kid>', 'Key ID in tokens. Default: the RFC 7638 thumbprint of the key.')
    .option('--days <number>', 'Validity of the certificate in days.', positiveInteger, 365)
    .option('--subject <name>', 'Subject of the certificate. Default: CN=<key>.')
    .option('--request <file>', 'File for a signing request to a CA. No certificate is created.');
  excludesFlags(command, '--request', '--days');
}

function addImport(program: Command): void {
  const command = addKeysCommand(program, 'import <key>', {
    summary: 'Import an existing public key as a JSON web key in the source.',
    examples: [
      ['Import a certificate:', 'npm run keys -- import Chat_2027 --from chat.crt'],
      [
        'Import a key of a JWKS endpoint:',
        'npm run keys -- import Chat_2027 --from https://id.example.com/jwks --kid k1',
      ],
    ],
    exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid, EXIT.unreachable],
  });
  addOrgFlag(command, 'Alias of the org with the certificate of --setup-certificate.')
    .option(
      '--from <file-or-url>',
      'Certificate or public key (PEM or DER), certificate chain, JWK, JWKS document, or https URL of a JWKS endpoint.',
    )
    .option('--certificate <file>', 'PEM certificate for the key of --from.')
    .option('--setup-certificate <name>', 'Name of a certificate of the org (Setup: Certificate and Key Management).')
    .option('--kid <kid>', 'Key ID of the key to import from a JWKS document, or for a key without one.')
    .option('--alg <name>', 'Algorithm of a key without one, RS256 or RS512.', parseChoice('RS256', 'RS512'))
    .option(...ALLOW_LOOPBACK, false);
  needsFlag(command, '--from', '--certificate', '--allow-loopback');
  needsFlag(command, '--setup-certificate', '--org', '--target-org');
}

function addProvider(program: Command): void {
  const command = addKeysCommand(program, 'provider <url>', {
    summary: 'Read the discovery document of an identity provider, and check that a keyset can use it.',
    examples: [
      ['Show the issuer, the JWKS URL, and the usable keys:', 'npm run keys -- provider https://login.example.com'],
      [
        'Write both to the org file of one org:',
        'npm run keys -- provider https://login.example.com --keyset Customer_Identity_Endpoint --org prod --write',
      ],
    ],
    exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid, EXIT.unreachable],
  });
  addOrgFlags(command)
    .option('--keyset <name>', 'Name of the keyset of type JWKS_URL.', 'Customer_Identity_Endpoint')
    .option('--write', 'Write the keyset, or for --org the overrides, if the keyset works.', false)
    .option(...ALLOW_LOOPBACK, false);
}

function addJwks(program: Command): void {
  addKeysCommand(program, 'jwks <keyset>', {
    summary: 'Write the JWKS document that a JWKS endpoint should serve.',
    examples: [
      ['Print the JWKS document of a keyset:', 'npm run -s keys -- jwks Customer_Identity'],
      ['Write a document with two keys:', 'npm run keys -- jwks Customer_Identity --key A --key B --out jwks.json'],
    ],
    exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  })
    .option(
      '--key <name>',
      'Name of a key in the document. Can be repeated. Default: the keys of the keyset and its rotation.',
      repeatable,
      [],
    )
    .option('--out <file>', 'File for the document. Default: stdout.');
}

function addCheckEndpoint(program: Command): void {
  const command = addKeysCommand(program, 'check-endpoint <keyset>', {
    summary: 'Check that Salesforce can use the JWKS endpoint of a keyset.',
    examples: [
      ['Check the endpoint of a keyset in every org:', 'npm run keys -- check-endpoint Customer_Identity_Endpoint'],
      [
        'Check that the endpoint serves a key:',
        'npm run keys -- check-endpoint Customer_Identity_Endpoint --key Chat_2027',
      ],
    ],
    exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid, EXIT.unreachable],
  });
  addOrgFlags(command)
    .option(
      '--key <name>',
      'Name of a key that the endpoint should serve. Can be repeated. Default: the keys of its rotation.',
      repeatable,
      [],
    )
    .option(...ALLOW_LOOPBACK, false);
}

function addList(program: Command): void {
  const command = addKeysCommand(program, 'list', {
    summary: 'List the keys of every org with their expiration dates.',
    examples: [
      ['List the keys of all orgs:', 'npm run keys -- list'],
      [
        'Fail with exit code 2 if a key of production expires within 60 days:',
        'npm run keys -- list --org prod --within 60',
      ],
    ],
    exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  });
  addOrgFlags(command).option('--within <days>', 'Number of days until a key counts as expiring.', positiveInteger, 30);
}

function addRotate(program: Command): void {
  const command = addKeysCommand(program, 'rotate <step> [keyset]', {
    summary: `Rotate a key of a keyset in every org, step by step: ${ROTATE_STEPS.join(', ')}.`,
    examples: [
      [
        'Add the new key to the keyset in every org:',
        'npm run keys -- rotate stage Customer_Identity --new-key Chat_2027',
      ],
      ['Show the changes of a step without making them:', 'npm run keys -- rotate retire Customer_Identity --dry-run'],
      ['Show the open rotations:', 'npm run keys -- rotate status'],
    ],
    exitCodes: [EXIT.done, EXIT.failed, EXIT.changes, EXIT.invalid, EXIT.unreachable],
  });
  command.registeredArguments[0]?.choices(ROTATE_STEPS);
  addConfirmFlags(command)
    .option('--new-key <name>', 'Name of the new key, for stage.')
    .option(
      '--old-key <name>',
      'Name of the old key, for stage and retire --compromised. Default: the only other active key.',
    )
    .option(
      '--token-lifetime <minutes>',
      'Longest lifetime of the tokens of your token service, for stage and retire.',
      positiveInteger,
    )
    .option(
      '--cache-hours <hours>',
      'Allowance for caches and clocks in hours. Stored in the rotation of the keyset. Default: 72.',
      parseHours,
    )
    .option('--confirm', 'Confirm that the token service uses the new key everywhere, for switch.', false)
    .option('--compromised', 'Retire the old key immediately because its private key was exposed, for retire.', false)
    .option('--accept <impact>', 'Impact to accept without a terminal: disruptive.', repeatable, [])
    .option(...ALLOW_LOOPBACK, false)
    // Hidden: a rotation acts in every org of its keyset, and the command says so.
    .addOption(new Option('-o, --org <alias>').argParser(repeatable).hideHelp())
    .addOption(new Option('--wave <number>').argParser(positiveInteger).hideHelp());
}

const parseChoice =
  <T extends string | number>(...choices: readonly T[]) =>
  (value: string): T => {
    const chosen = choices.find((choice) => String(choice) === value);
    if (chosen === undefined) throw new InvalidArgumentError(`Specify ${choices.join(' or ')}.`);
    return chosen;
  };

/** 0 is a valid allowance. */
const parseHours = (value: string): number => (value === '0' ? 0 : positiveInteger(value));
