import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { readJwk } from '../jwk';
import type { Finding } from '../model';
import { findingsText } from '../report';
import { jwkText, type PublicJwk } from './public-jwk';

/** A key that was just written to the source. */
export interface Written {
  readonly command: string;
  readonly name: string;
  readonly file: string;
  readonly jwk: PublicJwk;
}

/** Shows a key that is now in the source, and what to do with it. */
export function showKey({ now, show, document }: Context, { command, name, file, jwk }: Written): ExitCode {
  const { key } = readJwk(jwkText(jwk), now);
  const ends = key?.certificate?.notAfter.toISOString() ?? '';
  show(
    `${file}\n  kid ${jwk.kid}, ${jwk.alg}, ${key?.bits ?? 0} bits, thumbprint ${key?.thumbprint ?? ''}\n  certificate until ${ends.slice(0, 10)}`,
  );
  show(`\nNext: npm run keys -- rotate stage <keyset> --key ${name}`);
  const told = { name, file, kid: jwk.kid, alg: jwk.alg, thumbprint: key?.thumbprint, certificateEnds: ends };
  document(JSON.stringify({ command, exitCode: EXIT.done, findings: [], key: told }, null, 2));
  return EXIT.done;
}

/** Ends a verb at what was found wrong; nothing was written. */
export function showFindings(
  { page, show, document }: Context,
  command: string,
  findings: readonly Finding[],
): ExitCode {
  show(findingsText(page, findings));
  document(JSON.stringify({ command, exitCode: EXIT.invalid, findings }, null, 2));
  return EXIT.invalid;
}
