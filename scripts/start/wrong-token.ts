import type { Context } from '../lib/cli';
import { readPrivateKey } from '../lib/issuer';
import type { ExitCode } from '../lib/errors';
import { runExplain } from '../lib/run/token-explain';
import { runMint } from '../lib/run/token-mint';
import { readToken, signedToken } from '../lib/token';
import type { HostPool } from '../lib/sf';

const CHANNEL = 'Web_Chat';

/** Makes a token for dev that is right but for a slash behind its issuer, and has it explained. */
export async function explainWrong(context: Context, privateKey: string, hosts: HostPool): Promise<ExitCode> {
  const flags = { ...context.flags, org: ['dev'], channel: CHANNEL };
  const token = slashed(await mint({ ...context, flags }, privateKey), privateKey);
  const explain = { ...flags, verb: 'explain', live: true, allowLoopback: false } as const;
  return runExplain({ ...context, flags: explain }, token, (use) => use(hosts));
}

async function mint(context: Context<{ readonly channel: string }>, privateKey: string): Promise<string> {
  let made = '';
  const flags = { ...context.flags, verb: 'mint', subject: 'C-1001', privateKey, life: 5, json: false } as const;
  await runMint({ ...context, flags, progress: () => undefined, show: (token) => (made = token) });
  return made;
}

function slashed(good: string, privateKey: string): string {
  const { token } = readToken(good);
  const kid = String(token?.header['kid']);
  const claims = { ...token?.claims, iss: `${String(token?.claims['iss'])}/` };
  return signedToken({ alg: 'RS256', kid }, claims, readPrivateKey(privateKey));
}
