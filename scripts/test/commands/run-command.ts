import assert from 'node:assert/strict';
import type { CommonFlags, Context } from '../../lib/cli';
import { runDeploy, type DeployFlags } from '../../lib/commands/deploy';
import { runPlan, type PlanFlags } from '../../lib/commands/plan';
import { runRollback, type RollbackFlags } from '../../lib/commands/rollback';
import { runStatus } from '../../lib/commands/status';
import { runVerify } from '../../lib/commands/verify';
import type { VerifyFlags } from '../../lib/verification/verify-flags';
import type { CliWorkerPool } from '../../lib/sf';
import { capturedContext, type CaptureOptions, type CapturedOutput } from '../lib/captured-context';
import { documentSchemas, type CommandDocument, type OrgDocument } from './document-schemas';

const COMMANDS = {
  plan: runPlan,
  deploy: runDeploy,
  rollback: runRollback,
  status: runStatus,
  verify: runVerify,
} as const;
export type CommandName = keyof typeof COMMANDS;

/** Command flags and test settings. */
export type RunOptions = CaptureOptions &
  Partial<Omit<CommonFlags, 'project'> & DeployFlags & PlanFlags & RollbackFlags & VerifyFlags>;

export type { CapturedOutput };

/** Exit code and output of a command. */
export interface CommandResult {
  readonly exit: number;
  readonly document: CommandDocument;
  readonly shown: string;
  readonly progress: readonly string[];
  readonly questions: readonly string[];
  readonly org: (alias: string) => OrgDocument;
}

/** Runs a command in this process. Its document must match the schema. */
export async function runInProcess(
  name: CommandName,
  project: string,
  workers: CliWorkerPool,
  options: RunOptions = {},
): Promise<CommandResult> {
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  const exit = await COMMANDS[name](testContext(project, options, output), workers);
  assert.equal(output.documents.length, 1, 'one document a command');
  const document = documentSchemas[name].parse(JSON.parse(output.documents[0] ?? ''));
  assert.equal(document.exitCode, exit);
  const { shown, progress, questions } = output;
  return { exit, document, shown: shown.join('\n'), progress, questions, org: (alias) => orgDocument(document, alias) };
}

function orgDocument({ orgs }: CommandDocument, alias: string): OrgDocument {
  const match = orgs.find((org) => org.alias === alias);
  assert.ok(match, `the document lacks org ${alias}`);
  return match;
}

export function testContext(
  project: string,
  options: RunOptions,
  output: CapturedOutput,
): Context<DeployFlags & PlanFlags & RollbackFlags> {
  const { answer, onProgress, ...flags } = options;
  const all = { org: [], all: true, json: true, accept: [], concurrency: 10, ...flags, project };
  return capturedContext(all, output, {
    ...(answer !== undefined && { answer }),
    ...(onProgress && { onProgress }),
  });
}
