import assert from 'node:assert/strict';
import type { Context } from '../../lib/cli';
import { runImport } from '../../lib/keys/import';
import { runJwks } from '../../lib/keys/jwks';
import { runList } from '../../lib/keys/list';
import { runNew } from '../../lib/keys/new';
import { runProbe } from '../../lib/keys/probe';
import { runRotate } from '../../lib/keys/rotate';
import type { KeysFlags } from '../../lib/keys/flags';
import type { Lend } from '../../lib/keys/hosts';
import { asToolError, type ExitCode } from '../../lib/errors';
import type { HostPool } from '../../lib/sf';

/** What a verb is told, without what has a default. */
export type Told = { readonly verb: KeysFlags['verb'] } & Readonly<Record<string, unknown>>;

/** How a verb ended, and everything it said. */
export interface Ran {
  readonly exit: number;
  readonly code?: string;
  readonly shown: string;
  readonly document: Readonly<Record<string, unknown>>;
}

const DEFAULTS: Readonly<Record<KeysFlags['verb'], object>> = {
  new: { bits: 2048, alg: 'RS256', days: 365 },
  import: { allowLoopback: false },
  jwks: { key: [] },
  list: { within: 30 },
  probe: { key: [], allowLoopback: false },
  rotate: { switched: false, compromised: false, accept: [], allowLoopback: false },
};

/** Runs a verb in this process. Without hosts it may not ask any org. `answer` is the person who is asked. */
export async function runVerb(project: string, told: Told, hosts?: HostPool, answer?: boolean): Promise<Ran> {
  const said: string[] = [];
  const documents: string[] = [];
  const lend: Lend = (use) => (hosts ? use(hosts) : assert.fail('no org was to be asked'));
  const context: Context<KeysFlags> = {
    flags: { org: [], json: true, project, ...DEFAULTS[told.verb], ...told } as unknown as Context<KeysFlags>['flags'],
    page: { columns: 100, color: false },
    now: new Date(),
    interactive: answer !== undefined,
    show: (text) => void said.push(text),
    progress: (text) => void said.push(text),
    document: (text) => void documents.push(text),
    untilStopped: () => Promise.resolve(),
    confirm: () => Promise.resolve(answer ?? false),
  };
  try {
    const exit = await dispatch(context, lend);
    const document = JSON.parse(documents[0] ?? '{}') as Ran['document'];
    return { exit, shown: said.join('\n'), document };
  } catch (thrown) {
    const { exit, code, what, why, fix } = asToolError(thrown);
    if (code === 'internal') throw thrown;
    return { exit, code, shown: [...said, what, why, fix].join('\n'), document: {} };
  }
}

async function dispatch(context: Context<KeysFlags>, lend: Lend): Promise<ExitCode> {
  const { flags } = context;
  switch (flags.verb) {
    case 'new':
      return runNew({ ...context, flags });
    case 'import':
      return runImport({ ...context, flags }, lend);
    case 'jwks':
      return runJwks({ ...context, flags });
    case 'list':
      return runList({ ...context, flags }, lend);
    case 'probe':
      return runProbe({ ...context, flags });
    case 'rotate':
      return runRotate({ ...context, flags }, lend);
  }
}
