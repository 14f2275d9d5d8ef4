import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { JWKS_PATH, REQUIRED_HEADER, TOKEN_PATH, createTokenEndpoint } from './endpoint';
import type { TokenServerFlags } from './flags';
import { listen, type RunningServer } from './listen';
import { readSigningKey } from './private-key';
import { createDemoSessions } from './sessions';
import { resolveSignerSettings } from './settings';
import { createSigner, type PublicKey, type SignerOptions } from './signer';
import { withDemoLogin } from './demo-login';

const DEFAULT_CUSTOMER = 'customer-1';

/** Serves the reference endpoint until the user ends it. */
export async function runTokenServer(context: Context<TokenServerFlags>): Promise<ExitCode> {
  const stopped = context.untilStopped();
  const { flags, log } = context;
  const privateKey = await readSigningKey(flags);
  const settings = { privateKey, ...resolveSignerSettings(privateKey, flags) };
  const customers = flags.customer.length > 0 ? flags.customer : [DEFAULT_CUSTOMER];
  const origins = [...flags.allowOrigin];
  const signer = createSigner(settings);
  const otherKeys = readJwksFile(flags.jwks).filter(({ kid }) => kid !== settings.kid);
  const options = { signer, sessions: createDemoSessions(), origins, customers, otherKeys };
  const server = await startListening(
    listen(withDemoLogin(createTokenEndpoint(options), options), { port: flags.port, log }),
    flags.port,
  );
  // The pages of the server itself: only now is it known at which port.
  origins.push(`http://127.0.0.1:${server.port}`, `http://localhost:${server.port}`);
  announce(context, settings, server.port, customers);
  await stopped;
  await server.close();
  return EXIT.done;
}

const startListening = (listening: Promise<RunningServer>, port: number): Promise<RunningServer> =>
  listening.catch((thrown: unknown) => {
    const why = `The system says ${(thrown as NodeJS.ErrnoException).code ?? 'unknown'}.`;
    throw new ToolError('port-taken', {
      what: `Nothing can listen at port ${port}.`,
      why,
      fix: 'Name another one: --port.',
    });
  });

const JWKS_SCHEMA = z.object({
  keys: z.array(z.object({ kty: z.literal('RSA'), alg: z.string(), kid: z.string(), n: z.string(), e: z.string() })),
});

/** The keys of a JWKS file, each built anew from its public members. */
function readJwksFile(file: string | undefined): readonly PublicKey[] {
  if (file === undefined) return [];
  try {
    const { keys } = JWKS_SCHEMA.parse(JSON.parse(readFileSync(resolve(file), 'utf8')));
    return keys.map(({ alg, kid, n, e }) => ({ kty: 'RSA', use: 'sig', alg, kid, n, e }));
  } catch {
    throw new ToolError(
      'unreadable-file',
      {
        what: `${file} is no JWKS.`,
        why: 'It is an object with RSA keys in "keys".',
        fix: 'Write it: npm run keys -- jwks.',
      },
      { exit: EXIT.invalid },
    );
  }
}

function announce(
  { flags, print, printJson }: Context<TokenServerFlags>,
  { issuer, kid, algorithm }: SignerOptions,
  port: number,
  customers: readonly string[],
): void {
  const url = `http://127.0.0.1:${port}`;
  printJson(JSON.stringify({ command: 'token-server', url, issuer, kid, alg: algorithm, customers }));
  if (flags.json) return;
  const from = `-H 'Origin: ${url}' -H '${REQUIRED_HEADER}: curl'`;
  print(
    [
      `Tokens of issuer ${issuer}, kid ${kid}, ${algorithm}.`,
      '',
      'Log in, for trying, and get a token:',
      `  curl -X POST ${url}/session/${encodeURIComponent(customers[0] ?? '')} ${from} -c cookies`,
      `  curl -X POST ${url}${TOKEN_PATH} ${from} -b cookies`,
      'The keys for Salesforce:',
      `  curl ${url}${JWKS_PATH}`,
      '',
      'This is a reference: anybody on this machine can log in as any customer it was started with. What belongs into your',
      'backend is scripts/lib/token-server, with your own session lookup in place of the trial sessions. Stop with Ctrl+C.',
    ].join('\n'),
  );
}
