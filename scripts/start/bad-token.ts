import type { Context } from '../lib/cli';
import { readPrivateKey, readToken, signToken } from '../lib/token';
import type { ExitCode } from '../lib/errors';
import { runExplain } from '../lib/commands/token-explain';
import { runMint } from '../lib/commands/token-mint';
import type { CliWorkerPool } from '../lib/sf';

const CHANNEL = 'Web_Chat';

/** Explains a token for dev that is valid except for a slash at the end of its issuer. */
export async function explainBadToken(context: Context, privateKey: string, workers: CliWorkerPool): Promise<ExitCode> {
  const flags = { ...context.flags, org: ['dev'], channel: CHANNEL };
  const token = withIssuerSlash(await mintToken({ ...context, flags }, privateKey), privateKey);
  const explain = { ...flags, verb: 'explain', fromOrg: true, allowLoopback: false } as const;
  return runExplain({ ...context, flags: explain }, token, (use) => use(workers));
}

async function mintToken(context: Context<{ readonly channel: string }>, privateKey: string): Promise<string> {
  let minted = '';
  const flags = { ...context.flags, verb: 'mint', subject: 'C-1001', privateKey, lifetime: 5, json: false } as const;
  await runMint({ ...context, flags, log: () => undefined, printSecret: (token) => (minted = token) });
  return minted;
}

function withIssuerSlash(valid: string, privateKey: string): string {
  const { token } = readToken(valid);
  const kid = String(token?.header['kid']);
  const claims = { ...token?.claims, iss: `${String(token?.claims['iss'])}/` };
  return signToken(
    { alg: 'RS256', kid },
    claims,
    readPrivateKey(privateKey, () => undefined),
  );
}
