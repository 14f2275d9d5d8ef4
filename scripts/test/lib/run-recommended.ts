/** Runs commands as they are printed, in this process and with fake orgs. */
import type { Context } from '../../lib/cli';
import { runCheck } from '../../lib/commands/check';
import { runConfig } from '../../lib/commands/config';
import { runDeploy } from '../../lib/commands/deploy';
import { runPlan } from '../../lib/commands/plan';
import { runRollback } from '../../lib/commands/rollback';
import { runRuns } from '../../lib/commands/runs';
import { runStatus } from '../../lib/commands/status';
import { runMint } from '../../lib/commands/token-mint';
import { runClientKit } from '../../lib/client-kit';
import { asToolError, type ExitCode } from '../../lib/errors';
import { runImport } from '../../lib/import';
import { runKeys } from '../../lib/keys';
import type { KeysFlags } from '../../lib/keys/flags';
import { runRotate } from '../../lib/keys/rotate';
import { runMatrix, runReport } from '../../lib/pipeline';
import { runPostRefresh } from '../../lib/commands/post-refresh/run';
import { addComponent } from '../../lib/setup/new-component';
import type { CliWorkerPool } from '../../lib/sf';
import type { ErrorDetails, Finding } from '../../lib/model';
import type { OrgDocument } from '../commands/document-schemas';
import { testContext, type CapturedOutput } from '../commands/run-command';
import { parseRecommended } from './command-definitions';
import type { FakeSf } from './fake-sf';
import { fakeWorkers } from './fake-workers';

export interface Session {
  readonly folder: string;
  readonly sf: FakeSf;
}

export interface Outcome {
  readonly exit: number;
  readonly shown: string;
  readonly orgs: readonly OrgDocument[];
  readonly findings: readonly Finding[];
  /** The error that ended the command. */
  readonly error?: ErrorDetails;
}

type Run = (context: Context<never>, workers: CliWorkerPool) => Promise<ExitCode> | ExitCode;

/** The functions of the commands by their npm scripts. */
const COMMANDS: Readonly<Record<string, Run>> = {
  check: (context) => runCheck(context),
  config: (context) => runConfig(context),
  plan: (context, workers) =>
    (context.flags as { readonly matrix?: boolean }).matrix === true ? runMatrix(context) : runPlan(context, workers),
  deploy: (context, workers) => runDeploy(context, workers),
  rollback: (context, workers) => runRollback(context, workers),
  runs: (context) => runRuns(context),
  report: (context) => runReport(context),
  status: (context, workers) => runStatus(context, workers),
  import: (context, workers) => runImport(context, workers),
  keys: (context, workers) =>
    (context.flags as KeysFlags).verb === 'rotate' ? runRotate(context, (use) => use(workers)) : runKeys(context),
  'post-refresh': (context, workers) => runPostRefresh(context, workers),
  'client-kit': (context, workers) => runClientKit(context, workers),
  token: (context) => runMint(context),
  setup: (context) => addComponent(context),
};

const NOTHING = { shown: '', orgs: [], findings: [] };

/** Runs one printed command with the parser of that command, without a terminal. */
export async function runRecommended({ folder, sf }: Session, text: string): Promise<Outcome> {
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  try {
    const { name, flags } = parseRecommended(text);
    if (Object.keys(flags).length === 0) return { exit: 0, ...NOTHING };
    const command = COMMANDS[name];
    if (!command) throw new Error(`The test can't run ${name}.`);
    const { flags: _flags, ...context } = testContext(folder, {}, output);
    const project = text.includes('--project') ? flags['project'] : folder;
    const all = { ...context, layout: { columns: 400, color: false }, flags: { ...flags, project, json: true } };
    const exit = await command(all as unknown as Context<never>, fakeWorkers(sf));
    const { orgs = [], findings = [] } = JSON.parse(output.documents[0] ?? '{}') as Partial<Outcome>;
    return { exit, shown: output.shown.join('\n'), orgs, findings };
  } catch (thrown) {
    const { code, exit, what, why, fix } = asToolError(thrown);
    if (code === 'internal') throw thrown;
    return { exit, ...NOTHING, shown: fix, error: { code, what, why, fix } };
  }
}
