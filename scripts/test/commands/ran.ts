import assert from 'node:assert/strict';
import type { CommonFlags, Context } from '../../lib/cli';
import {
  runDeploy,
  runPlan,
  runRollback,
  runStatus,
  runVerify,
  type DeployFlags,
  type PlanFlags,
  type RollbackFlags,
} from '../../lib/run';
import type { ProofFlags } from '../../lib/run/proof-flags';
import type { HostPool } from '../../lib/sf';
import { contract, type CommandDocument, type OrgDocument } from './contract';

const COMMANDS = {
  plan: runPlan,
  deploy: runDeploy,
  rollback: runRollback,
  status: runStatus,
  verify: runVerify,
} as const;
export type CommandName = keyof typeof COMMANDS;

/** What a test may set of the world around a command. */
export interface Setting extends Partial<
  Omit<CommonFlags, 'project'> & DeployFlags & PlanFlags & RollbackFlags & ProofFlags
> {
  /** The answer of the person who is asked; without it there is nobody. */
  readonly answer?: boolean;
  /** Sees each line of progress as it is told. */
  readonly onProgress?: (line: string) => void;
}

/** How a command ended, and everything it said. */
export interface Ran {
  readonly exit: number;
  readonly document: CommandDocument;
  readonly shown: string;
  readonly progress: readonly string[];
  readonly questions: readonly string[];
  /** The outcome of one org. */
  readonly org: (alias: string) => OrgDocument;
}

/** Runs a command in this process; its document has to keep the contract, whatever it tells. */
export async function run(name: CommandName, project: string, hosts: HostPool, setting: Setting = {}): Promise<Ran> {
  const heard: Heard = { shown: [], documents: [], progress: [], questions: [] };
  const exit = await COMMANDS[name](contextOf(project, setting, heard), hosts);
  assert.equal(heard.documents.length, 1, 'one document a command');
  const document = contract[name].parse(JSON.parse(heard.documents[0] ?? ''));
  assert.equal(document.exitCode, exit);
  const { shown, progress, questions } = heard;
  return { exit, document, shown: shown.join('\n'), progress, questions, org: (alias) => orgIn(document, alias) };
}

function orgIn({ orgs }: CommandDocument, alias: string): OrgDocument {
  const found = orgs.find((org) => org.alias === alias);
  assert.ok(found, `the document tells nothing of ${alias}`);
  return found;
}

export type Heard = Readonly<Record<'shown' | 'documents' | 'progress' | 'questions', string[]>>;

export function contextOf(
  project: string,
  setting: Setting,
  heard: Heard,
): Context<DeployFlags & PlanFlags & RollbackFlags> {
  const { answer, onProgress, ...flags } = setting;
  return {
    flags: { org: [], json: true, accept: [], concurrency: 10, ...flags, project },
    page: { columns: 120, color: false },
    now: new Date(),
    interactive: answer !== undefined,
    show: (text) => void heard.shown.push(text),
    progress: (line) => {
      heard.progress.push(line);
      onProgress?.(line);
    },
    document: (text) => void heard.documents.push(text),
    untilStopped: () => Promise.resolve(),
    confirm: (question) => {
      heard.questions.push(question);
      return Promise.resolve(answer ?? false);
    },
  };
}
