import { InvalidArgumentError, Option, type Command } from 'commander';
import { repeatable } from '../cli';
import { ALGORITHMS, type Algorithm } from './signer';

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
}

export const addTokenServerFlags = (program: Command): Command =>
  program
    .option('--private-key <file>', 'PEM file of the private key that signs')
    .option('--private-key-command <command>', 'command line that prints that PEM, e.g. of a vault')
    .option('--issuer <issuer>', 'iss of the tokens (default: of the keyset of --org that has the key)')
    .option('--kid <kid>', 'kid of the tokens (default: as that keyset names the key)')
    .addOption(new Option('--alg <name>', 'alg of the tokens (default: as that keyset says)').choices(ALGORITHMS))
    .option('--jwks <file>', 'a JWKS whose public keys are served, too, e.g. of "keys jwks" during a rotation')
    .option('--port <number>', 'where it listens, on this machine alone', parsePort, 8790)
    .option(
      '--allow-origin <origin>',
      'a page that may ask, e.g. https://shop.example.com; repeat it',
      parseOrigins,
      [],
    )
    .option('--customer <subject>', 'who can be logged in as for trying; repeat it', repeatable, []);

function parsePort(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new InvalidArgumentError('It must be a port, 0 for any free one.');
}

/** Compared letter by letter later on, so that it has to be written as browsers send it. */
function parseOrigins(value: string, previous: readonly string[]): readonly string[] {
  const origin = URL.canParse(value) ? new URL(value).origin : undefined;
  if (origin === value && origin !== 'null') return [...previous, value];
  throw new InvalidArgumentError(
    origin === undefined || origin === 'null' ? 'It must be an origin.' : `Write it as browsers send it: ${origin}.`,
  );
}
