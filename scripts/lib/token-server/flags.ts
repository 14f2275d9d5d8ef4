import { InvalidArgumentError, Option, type Command } from 'commander';
import { addOrgFlag, needsFlag, repeatable } from '../cli';
import type { Algorithm } from './signer';

/** The algorithms that Salesforce accepts (Help: user verification setup). */
export const ALGORITHMS = ['RS256', 'RS512'] as const satisfies readonly Algorithm[];

export interface TokenServerFlags {
  readonly privateKey?: string;
  readonly privateKeyCommand?: string;
  readonly issuer?: string;
  readonly kid?: string;
  readonly alg?: Algorithm;
  readonly jwks?: string;
  readonly port: number;
  readonly allowOrigin: readonly string[];
  readonly customer: readonly string[];
  /** Issuer of the identity provider whose tokens are exchanged. */
  readonly exchange?: string;
  readonly exchangeAudience?: string;
  readonly exchangeClaim?: string;
  readonly allowLoopback: boolean;
}

export function addTokenServerFlags(program: Command): Command {
  addOrgFlag(program, 'Alias of the org file with the keyset of the private key.')
    .option('--private-key <file>', 'PEM file of the private key that signs the tokens.')
    .option(
      '--private-key-command <command>',
      'Command line that prints the private key as PEM, such as a vault client.',
    )
    .option(
      '--issuer <issuer>',
      'Issuer (iss) of the tokens. Default: the issuer of the --org keyset that contains the key.',
    )
    .option('--kid <kid>', 'Key ID (kid) of the tokens. Default: the kid of the key in that keyset.')
    .addOption(
      new Option('--alg <name>', 'Algorithm of the tokens. Default: the alg of the key in that keyset.').choices(
        ALGORITHMS,
      ),
    )
    .option('--jwks <file>', 'JWKS document with more public keys to serve, for example during a rotation.')
    .option('--port <number>', 'Port on the loopback interface. 0 for any free port.', parsePort, 8790)
    .option(
      '--allow-origin <origin>',
      'Origin of a page that can request tokens, such as https://shop.example.com. Can be repeated.',
      parseOrigins,
      [],
    )
    .option(
      '--customer <subject>',
      'Subject of a customer who can log in with a demo session. Can be repeated.',
      repeatable,
      [],
    )
    .option(
      '--exchange <url>',
      'Issuer of an identity provider, or the URL of its discovery document. Its tokens are exchanged for those of this server.',
    )
    .option('--exchange-audience <id>', 'Client ID or API that the tokens of the provider must contain in aud.')
    .option('--exchange-claim <name>', 'Claim of the tokens of the provider that becomes the subject. Default: sub.')
    .option('--allow-loopback', 'Also read a provider on this machine, for tests.', false);
  return needsFlag(program, '--exchange', '--allow-loopback');
}

function parsePort(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new InvalidArgumentError('Specify a port from 0 to 65535.');
}

/** Origins are compared byte for byte, so each must have the form that browsers send. */
function parseOrigins(value: string, previous: readonly string[]): readonly string[] {
  const origin = URL.canParse(value) ? new URL(value).origin : undefined;
  if (origin === value && origin !== 'null') return [...previous, value];
  throw new InvalidArgumentError(
    origin === undefined || origin === 'null'
      ? 'Specify an origin, such as https://shop.example.com.'
      : `Specify it as browsers send it: ${origin}.`,
  );
}
