import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { shouldRun, interpolate, toText, type EvaluationContext } from './workflow-expression';

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: string };
  readonly environment?: string;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: object;
  readonly jobs: Readonly<Record<string, Job & { readonly 'timeout-minutes'?: number }>>;
}

/** Folders and programs that replace GitHub and its runners. */
export interface RunnerSetup {
  /** The repository that checkout clones. */
  readonly repository: string;
  /** Deleted before each job, because each job has its own runner. */
  readonly machine: string;
  /** Folder of the artifacts that jobs exchange. */
  readonly artifacts: string;
  /** Folder of the caches, which later workflow runs restore. */
  readonly caches: string;
  readonly modules: string;
  /** First folder in PATH, with programs that emulate services. */
  readonly programs: string;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Result of one job. */
export interface JobResult {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Exit code and output of one step. */
export interface StepRun {
  readonly job: string;
  readonly step: string;
  readonly exit: number;
  readonly output: string;
}

type Outputs = Record<string, string>;
export type Results = Readonly<Record<string, JobResult>>;

/**
 * Runs a workflow of this repository like GitHub: jobs in the order of `needs`, and the commands of each step in bash.
 */
export class WorkflowRunner {
  readonly stepRuns: StepRun[] = [];
  /** Called before each job, to change an org outside the pipeline. */
  beforeJob: (name: string) => void = () => undefined;
  /** Polled while a step runs. If it returns true, the runner is lost: its processes end, and no further step runs. */
  isLost: () => boolean = () => false;
  private readonly setup: RunnerSetup;
  private lost = false;
  /** The keys of the caches, oldest first. */
  private readonly caches = new Set<string>();

  constructor(setup: RunnerSetup) {
    this.setup = setup;
  }

  /**
   * Runs a workflow file for an event and returns the result of each job. Jobs that succeeded in `earlier` aren't run again, as
   * with "Re-run failed jobs".
   */
  async run(
    file: string,
    github: object,
    inputs: Readonly<Record<string, unknown>> = {},
    earlier: Results = {},
  ): Promise<Results> {
    const { jobs } = readWorkflow(this.setup.repository, file);
    const done: Record<string, JobResult> = {};
    for (const [name, job] of Object.entries(jobs)) {
      const before = earlier[name];
      if (before?.result === 'success') {
        done[name] = before;
        continue;
      }
      const names = [job.needs ?? []].flat();
      const needs = Object.fromEntries(names.map((need) => [need, done[need]]));
      assert.ok(
        names.every((need) => done[need]),
        `${name} stands before what it needs`,
      );
      const failed = names.some((need) => done[need]?.result !== 'success');
      const contexts = { github, inputs, needs, secrets: this.setup.secrets };
      done[name] = shouldRun(job.if, { contexts, failed })
        ? await this.job(name, job, contexts, github)
        : { result: 'skipped', outputs: {} };
    }
    return done;
  }

  private async job(
    name: string,
    job: Job,
    contexts: EvaluationContext['contexts'],
    github: object,
  ): Promise<JobResult> {
    const context = { contexts, failed: false };
    if (job.uses !== undefined) {
      const inputs = Object.fromEntries(
        Object.entries(job.with ?? {}).map(([key, text]) => [key, interpolate(text, context)]),
      );
      const called = Object.values(await this.run(job.uses.replace(/^\.\//, ''), github, inputs));
      return { result: called.every(({ result }) => result !== 'failure') ? 'success' : 'failure', outputs: {} };
    }
    const matrix = job.strategy
      ? (interpolate(job.strategy.matrix, context) as { include: readonly object[] }).include
      : [{}];
    const parts: JobResult[] = [];
    for (const each of matrix) parts.push(await this.part(name, job, { ...contexts, matrix: each }));
    const result = parts.every((part) => part.result === 'success') ? 'success' : 'failure';
    return { result, outputs: parts[0]?.outputs ?? {} };
  }

  /** Runs one job of a matrix in an empty runner folder with its own home. */
  private async part(name: string, job: Job, contexts: EvaluationContext['contexts']): Promise<JobResult> {
    this.lost = false;
    this.beforeJob(name);
    rmSync(this.setup.machine, { recursive: true, force: true });
    for (const folder of ['home', 'temp']) mkdirSync(join(this.setup.machine, folder), { recursive: true });
    const steps: Record<string, { outputs: Record<string, string> }> = {};
    let failed = false;
    for (const step of job.steps) {
      const context = { contexts: { ...contexts, steps, env: {} }, failed };
      if (!shouldRun(step.if, context)) continue;
      const outputs = await this.step(name, job, step, context);
      if (this.lost) return this.loseRunner();
      if (step.id !== undefined) steps[step.id] = { outputs: outputs ?? {} };
      failed ||= outputs === undefined;
    }
    const context = { contexts: { ...contexts, steps }, failed };
    const outputs = Object.entries(job.outputs ?? {}).map(([key, text]) => [key, interpolate(text, context)]);
    assert.deepEqual(readdirSync(join(this.setup.machine, 'temp')), [], `${name} leaves a key behind`);
    return { result: failed ? 'failure' : 'success', outputs: Object.fromEntries(outputs) as JobResult['outputs'] };
  }

  /** A lost runner uploads nothing, and its machine is gone. */
  private loseRunner(): JobResult {
    rmSync(this.setup.machine, { recursive: true, force: true });
    return { result: 'failure', outputs: {} };
  }

  /** Returns the outputs of a step, or undefined if it failed. */
  private async step(
    job: string,
    { env = {} }: Job,
    step: Step,
    context: EvaluationContext,
  ): Promise<Outputs | undefined> {
    if (step.uses !== undefined) return this.action(step.uses, step.with ?? {}, context);
    assert.ok(step.run !== undefined);
    assert.equal(step.run.includes('${{'), false, 'values reach a command through its environment, never as its text');
    if (step.run === 'npm ci') return this.install();
    const outputs = join(this.setup.machine, 'outputs');
    writeFileSync(outputs, '');
    const given = Object.entries({ ...env, ...step.env }).map(([name, text]) => [
      name,
      toText(interpolate(text, context)),
    ]);
    const { status, output } = await runBash(
      step.run,
      this.workspace,
      {
        ...this.environment(outputs),
        GITHUB_RUN_ATTEMPT: toText(interpolate('${{ github.run_attempt }}', context)),
        ...(Object.fromEntries(given) as Record<string, string>),
      },
      () => (this.lost = this.isLost()),
    );
    this.stepRuns.push({ job, step: step.name ?? step.run, exit: status, output });
    return status === 0 ? readOutputs(outputs) : undefined;
  }

  private get workspace(): string {
    return join(this.setup.machine, 'workspace');
  }

  private environment(outputs: string): NodeJS.ProcessEnv {
    const { machine, programs } = this.setup;
    return {
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      HOME: join(machine, 'home'),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      NO_COLOR: '1',
      npm_config_update_notifier: 'false',
      GITHUB_OUTPUT: outputs,
      GITHUB_STEP_SUMMARY: join(machine, 'summary.md'),
      RUNNER_TEMP: join(machine, 'temp'),
      GITHUB_REPOSITORY: 'acme/chat',
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_RUN_ID: '7',
    };
  }

  /** Links the packages of this project, because an installation takes a minute per job. */
  private install(): Record<string, string> {
    symlinkSync(this.setup.modules, join(this.workspace, 'node_modules'));
    return {};
  }

  private action(
    uses: string,
    options: Readonly<Record<string, unknown>>,
    context: EvaluationContext,
  ): Record<string, string> | undefined {
    const [name] = uses.split('@');
    const text = (key: string): string => toText(interpolate(toText(options[key]), context));
    // Without a cache, a workflow must work too.
    if (name === 'actions/setup-node' || name === 'actions/cache') return {};
    if (name === 'actions/cache/save') return this.saveCache(text('key'), text('path'));
    if (name === 'actions/cache/restore') return this.restoreCache(text('key'), text('restore-keys'), text('path'));
    if (name === 'actions/checkout') return this.checkOut();
    if (name === 'actions/upload-artifact') return this.upload(text('name'), text('path'));
    assert.equal(name, 'actions/download-artifact', `no stand-in for ${uses}`);
    return this.download(text('name'), text('pattern'), text('path'));
  }

  /** A key is saved once, and a folder that doesn't exist is not saved. */
  private saveCache(key: string, path: string): Record<string, string> {
    const source = join(this.workspace, path);
    if (!this.caches.has(key) && existsSync(source)) {
      cpSync(source, join(this.setup.caches, key), { recursive: true });
      this.caches.add(key);
    }
    return {};
  }

  /** Restores the key, or else the newest key with the prefix. */
  private restoreCache(key: string, prefix: string, path: string): Record<string, string> {
    const found = this.caches.has(key) ? key : [...this.caches].findLast((each) => each.startsWith(prefix));
    if (found !== undefined) cpSync(join(this.setup.caches, found), join(this.workspace, path), { recursive: true });
    return {};
  }

  private checkOut(): Record<string, string> | undefined {
    const { status } = spawnSync('git', ['clone', '--quiet', this.setup.repository, this.workspace]);
    return status === 0 ? {} : undefined;
  }

  private upload(name: string, paths: string): Record<string, string> {
    const target = join(this.setup.artifacts, name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const pattern of paths.split('\n').filter((line) => line.trim() !== ''))
      for (const path of globSync(pattern.trim(), { cwd: this.workspace }))
        cpSync(join(this.workspace, path), join(target, path), { recursive: true });
    return {};
  }

  /** Downloads one artifact into the folder, or several artifacts by pattern into one folder each. A pattern may match none. */
  private download(name: string, pattern: string, path: string): Record<string, string> | undefined {
    const found = globSync(name || pattern, { cwd: this.setup.artifacts });
    for (const each of found)
      cpSync(join(this.setup.artifacts, each), join(this.workspace, path, name ? '' : each), { recursive: true });
    return found.length > 0 || name === '' ? {} : undefined;
  }
}

/** Runs a script like GitHub. It must not block, because the local orgs run in this process. Ends it if `isLost` returns true. */
function runBash(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  isLost: () => boolean,
): Promise<{ status: number; output: string }> {
  const child = spawn('bash', ['-e', '-c', script], {
    cwd,
    env,
    timeout: 120_000,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setInterval(() => {
    if (!isLost() || child.pid === undefined) return;
    clearInterval(timer);
    // The processes of the step have a group of their own.
    process.kill(-child.pid, 'SIGKILL');
  }, 20);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ status: code ?? -1, output });
    });
  });
}

export const readWorkflow = (repository: string, file: string): Workflow =>
  parse(readFileSync(join(repository, file), 'utf8')) as Workflow;

/** Reads `name=value` lines. Multiline values aren't supported. */
const readOutputs = (file: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

/** Commits a copy of this working tree, with some files replaced, to a new repository. */
export function createRepository(project: string, target: string, over: Readonly<Record<string, string>>): void {
  const git = (cwd: string, ...argv: readonly string[]): string => {
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
    const { status, stdout, stderr } = spawnSync('git', [...who, ...argv], { cwd, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const files = git(project, 'ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0');
  for (const file of files.filter((each) => each !== '' && existsSync(join(project, each)))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(project, file), join(target, file));
  }
  for (const [file, text] of Object.entries(over)) writeFileSync(join(target, file), text);
  git(target, 'init', '--quiet', '--initial-branch', 'main');
  git(target, 'add', '--all');
  git(target, 'commit', '--quiet', '--message', 'As it stands');
}
