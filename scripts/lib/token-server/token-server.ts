import { npmRun } from '../model';
import { resolve } from 'node:path';
import type { Context } from '../cli';
import { parseJsonObject } from '../files';
import { readJwks } from '../jwk';
import { readKeyFile, readKeyFileBytes } from '../key-files';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { JWKS_PATH, REQUIRED_HEADER, TOKEN_PATH, createTokenEndpoint } from './endpoint';
import { createTokenExchange, type ExchangeOptions } from './exchange';
import type { TokenServerFlags } from './flags';
import { listen, type RunningServer } from './listen';
import { readSigningKey } from './private-key';
import { discoverExchange, requestedExchange } from './provider-exchange';
import { createDemoSessions } from './sessions';
import { resolveSignerSettings } from './settings';
import { createSigner, type PublicKey, type SignerOptions } from './signer';
import { withDemoLogin } from './demo-login';

const DEFAULT_CUSTOMER = 'customer-1';

/** Serves the reference token endpoint until the user stops it. */
export async function runTokenServer(context: Context<TokenServerFlags>): Promise<ExitCode> {
  const stopped = context.untilStopped();
  const { flags, log } = context;
  const requested = requestedExchange(flags);
  const privateKey = await readSigningKey(flags, log);
  const settings = { privateKey, ...resolveSignerSettings(privateKey, flags) };
  const customers = flags.customer.length > 0 ? flags.customer : [DEFAULT_CUSTOMER];
  const origins = [...flags.allowOrigin];
  const signer = createSigner(settings);
  const provider = requested && (await discoverExchange(requested));
  const otherKeys = readJwksFile(flags.jwks).filter(({ kid }) => kid !== settings.kid);
  const options = {
    signer,
    sessions: createDemoSessions(),
    origins,
    customers,
    otherKeys,
    ...(provider && { exchange: createTokenExchange(provider) }),
  };
  const server = await startListening(
    listen(withDemoLogin(createTokenEndpoint(options), options), { port: flags.port, log }),
    flags.port,
  );
  // With port 0, the origin of the server is known only now.
  origins.push(`http://127.0.0.1:${server.port}`, `http://localhost:${server.port}`);
  announce(context, settings, server.port, customers, provider);
  await stopped;
  await server.close();
  return EXIT.done;
}

const startListening = (listening: Promise<RunningServer>, port: number): Promise<RunningServer> =>
  listening.catch((thrown: unknown) => {
    const why = `The system error is ${(thrown as NodeJS.ErrnoException).code ?? 'unknown'}.`;
    throw new ToolError('port-taken', {
      what: `Port ${port} can't be opened.`,
      why,
      fix: 'Specify another port with --port.',
    });
  });

/**
 * Reads the RSA keys of a JWKS file. Uses only public members, so that a private key is never served.
 */
function readJwksFile(file: string | undefined): readonly PublicKey[] {
  if (file === undefined) return [];
  const content = readKeyFile(readKeyFileBytes(resolve(file)).bytes, 'public');
  if ('problem' in content) throw noJwksError(file, content.problem.message);
  const { keys, problem = NO_JWKS } = 'json' in content ? readJwks(content.json, new Date()) : {};
  if (!keys) throw noJwksError(file, problem);
  const served = keys.filter(({ facts }) => facts && facts.use !== 'enc').flatMap(({ text }) => toPublicKey(text));
  if (served.length === 0 && keys.length > 0) throw noJwksError(file, 'None of its keys is an RSA key for signatures.');
  return served;
}

function toPublicKey(text: string): readonly PublicKey[] {
  const { alg, kid, n, e } = parseJsonObject(text) ?? {};
  if (typeof kid !== 'string' || typeof n !== 'string' || typeof e !== 'string') return [];
  return [{ kty: 'RSA', use: 'sig', alg: typeof alg === 'string' ? alg : 'RS256', kid, n, e }];
}

const NO_JWKS = 'A JWKS document is a JSON object with a list "keys".';

const noJwksError = (file: string, why: string): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `${file} isn't a JWKS document.`,
      why,
      fix: `Create it: ${npmRun('keys', 'jwks', 'KEYSET', '--out', 'FILE')}`,
    },
    { exit: EXIT.invalid },
  );

function announce(
  { flags, print, printJson }: Context<TokenServerFlags>,
  { issuer, kid, algorithm }: SignerOptions,
  port: number,
  customers: readonly string[],
  provider: ExchangeOptions | undefined,
): void {
  const url = `http://127.0.0.1:${port}`;
  const exchange = provider && exchangeFacts(provider);
  printJson(JSON.stringify({ command: 'token-server', url, issuer, kid, alg: algorithm, customers, exchange }));
  if (flags.json) return;
  const from = `-H 'Origin: ${url}' -H '${REQUIRED_HEADER}: curl'`;
  print(
    [
      `Signs tokens with issuer ${issuer}, kid ${kid}, ${algorithm}.`,
      ...(exchange ? exchangeLines(exchange) : []),
      '',
      'Log in with a demo session and get a token:',
      `  curl -X POST ${url}/session/${encodeURIComponent(customers[0] ?? '')} ${from} -c cookies`,
      `  curl -X POST ${url}${TOKEN_PATH} ${from} -b cookies`,
      'Get the JWKS document for Salesforce:',
      `  curl ${url}${JWKS_PATH}`,
      '',
      'Reference implementation, not for production: anyone on this machine can log in as one of its customers. For your',
      'backend, use scripts/lib/token-server with your own session lookup instead of the demo sessions. To stop: Ctrl+C.',
    ].join('\n'),
  );
}

type ExchangeFacts = Required<Pick<ExchangeOptions, 'issuer' | 'jwksUri' | 'audience' | 'subjectClaim'>>;

const exchangeFacts = ({ issuer, jwksUri, audience, subjectClaim = 'sub' }: ExchangeOptions): ExchangeFacts => ({
  issuer,
  jwksUri,
  audience,
  subjectClaim,
});

const exchangeLines = ({ issuer, jwksUri, audience, subjectClaim }: ExchangeFacts): readonly string[] => [
  'Exchanges tokens of the identity provider:',
  `  issuer    ${JSON.stringify(issuer)}`,
  `  JWKS URL  ${jwksUri}`,
  `  audience  ${JSON.stringify(audience)}`,
  `  customer  claim ${JSON.stringify(subjectClaim)}`,
];
