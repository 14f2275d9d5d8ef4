import assert from 'node:assert/strict';
import type { CommonFlags, Context } from '../../lib/cli';
import { runImport } from '../../lib/keys/import';
import { runJwks } from '../../lib/keys/jwks';
import { runList } from '../../lib/keys/list';
import { runNew } from '../../lib/keys/new';
import { runCheckEndpoint } from '../../lib/keys/check-endpoint';
import { runProvider } from '../../lib/keys/provider';
import { runRotate } from '../../lib/keys/rotate';
import type { KeysFlags } from '../../lib/keys/flags';
import type { UseWorkers } from '../../lib/keys/keyset';
import { asToolError, type ExitCode } from '../../lib/errors';
import type { CliWorkerPool } from '../../lib/sf';
import { capturedContext } from '../lib/captured-context';

/** Flags of a subcommand. Flags with a default can be omitted. */
export type KeysCommandFlags = { readonly verb: KeysFlags['verb'] } & Readonly<Record<string, unknown>>;

/** Result and output of a subcommand. */
export interface KeysResult {
  readonly exit: number;
  readonly code?: string;
  readonly shown: string;
  readonly document: Readonly<Record<string, unknown>>;
}

const DEFAULT_FLAGS: Readonly<Record<KeysFlags['verb'], object>> = {
  new: { bits: 2048, alg: 'RS256', days: 365 },
  import: { allowLoopback: false },
  jwks: { key: [] },
  list: { within: 30 },
  'check-endpoint': { key: [], allowLoopback: false },
  provider: { keyset: 'Customer_Identity_Endpoint', write: false, allowLoopback: false },
  rotate: { confirm: false, compromised: false, accept: [], allowLoopback: false },
};

/**
 * Runs a subcommand in this process. Without `workers` it must not contact an org. `answer` is the answer to each
 * confirmation.
 */
export async function runKeysCommand(
  project: string,
  flags: KeysCommandFlags,
  workers?: CliWorkerPool,
  answer?: boolean,
): Promise<KeysResult> {
  const shown: string[] = [];
  const documents: string[] = [];
  const lend: UseWorkers = (use) => (workers ? use(workers) : assert.fail('an org was contacted'));
  const all = { org: [], json: true, project, ...DEFAULT_FLAGS[flags.verb], ...flags } as unknown as CommonFlags &
    KeysFlags;
  const context = capturedContext(
    all,
    { shown, documents, progress: shown, questions: [] },
    answer === undefined ? {} : { answer },
  );
  try {
    const exit = await dispatch(context, lend);
    const document = JSON.parse(documents[0] ?? '{}') as KeysResult['document'];
    return { exit, shown: shown.join('\n'), document };
  } catch (thrown) {
    const { exit, code, what, why, fix } = asToolError(thrown);
    if (code === 'internal') throw thrown;
    return { exit, code, shown: [...shown, what, why, fix].join('\n'), document: {} };
  }
}

async function dispatch(context: Context<KeysFlags>, lend: UseWorkers): Promise<ExitCode> {
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
    case 'check-endpoint':
      return runCheckEndpoint({ ...context, flags });
    case 'provider':
      return runProvider({ ...context, flags });
    case 'rotate':
      return runRotate({ ...context, flags }, lend);
  }
}
