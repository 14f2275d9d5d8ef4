import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { orgIdOf, startLocalOrg, type LocalOrg, type LocalOrgOptions, type OrgEvent } from '../../local-org/index';
import { runInProcess, type CommandName, type CommandResult, type RunOptions } from './run-command';
import type { Workspace } from './workspace';

export const ROOT = join(__dirname, '../../..');

/** Start options of a local org, and the entries of its org file that differ from the default. */
export interface OrgSetup extends Partial<Omit<LocalOrgOptions, 'alias' | 'port'>> {
  readonly config?: Readonly<Record<string, unknown>>;
}

/**
 * Starts local orgs, logs in to them, and creates a copy of this project with an org file for each. Everything is
 * removed after the tests.
 */
export async function startFleet(workspace: Workspace, setups: Readonly<Record<string, OrgSetup>>): Promise<Fleet> {
  const fleet = new Fleet(workspace);
  for (const [alias, setup] of Object.entries(setups)) await fleet.add(alias, setup);
  return fleet;
}

/**
 * Whether a file isn't a Web chat deployment. Creating one costs a second deploy, and the plain sf CLI can't. Tests of them copy or
 * write the files.
 */
export const isNoWebDeployment = (path: string): boolean => !path.endsWith('_Site.EmbeddedServiceConfig-meta.xml');

/** A temporary project and its local orgs. */
export class Fleet {
  readonly project: string;
  private readonly workspace: Workspace;
  private readonly orgs = new Map<string, LocalOrg>();

  constructor(workspace: Workspace) {
    this.workspace = workspace;
    workspace.onCleanup(() => this.end());
    this.project = mkdtempSync(join(workspace.folder, 'project-'));
    mkdirSync(join(this.project, 'config/orgs'), { recursive: true });
    for (const folder of ['force-app', 'member-site'])
      cpSync(join(ROOT, folder), join(this.project, folder), { recursive: true, filter: isNoWebDeployment });
    cpSync(join(ROOT, 'sfdx-project.json'), join(this.project, 'sfdx-project.json'));
  }

  async add(alias: string, { config, ...options }: OrgSetup): Promise<void> {
    const { kind = 'sandbox' } = options;
    const org = await startLocalOrg({ loginKey: this.workspace.loginKey, ...options, alias, kind, port: 0 });
    this.orgs.set(alias, org);
    this.configure(alias, { orgId: orgIdOf(alias), kind, channels: DEFAULT_CHANNELS, ...config });
    await this.workspace.logIn(org);
  }

  get aliases(): readonly string[] {
    return [...this.orgs.keys()];
  }

  org(alias: string): LocalOrg {
    const org = this.orgs.get(alias);
    assert.ok(org, `no org ${alias}`);
    return org;
  }

  configure(alias: string, config: object): void {
    writeFileSync(join(this.project, `config/orgs/${alias}.json`), JSON.stringify(config, null, 2));
  }

  /** Edits a file of the project. Fails if the edit changes nothing. */
  rewrite(path: string, from: string | RegExp, to: string): void {
    const file = join(this.project, path);
    writeFileSync(file, replaceOrFail(readFileSync(file, 'utf8'), from, to));
  }

  run(name: CommandName, setting: RunOptions = {}): Promise<CommandResult> {
    return runInProcess(name, this.project, this.workspace.workers, setting);
  }

  plan = (setting?: RunOptions): Promise<CommandResult> => this.run('plan', setting);
  status = (setting?: RunOptions): Promise<CommandResult> => this.run('status', setting);
  deploy = (setting?: RunOptions): Promise<CommandResult> => this.run('deploy', setting);
  /** Deploys and accepts disruptive changes. */
  deployAccepted = (setting?: RunOptions): Promise<CommandResult> =>
    this.run('deploy', { accept: ['disruptive'], ...setting });

  private async end(): Promise<void> {
    await Promise.all([...this.orgs.values()].map((org) => org.close()));
  }
}

const DEFAULT_CHANNELS = ['Web_Chat', 'Mobile_Chat', 'Guest_Web_Chat'];

/** Replaces a part of a text. Fails if the text doesn't contain it. */
export function replaceOrFail(text: string, from: string | RegExp, to: string): string {
  const result = text.replace(from, () => to);
  assert.notEqual(result, text, `nothing to replace: ${String(from)}`);
  return result;
}

/** Edits metadata of an org as an admin would in Setup. */
export const editInSetup = (org: LocalOrg, path: string, from: string | RegExp, to: string): void =>
  org.edit(path, (content) => replaceOrFail(content, from, to));

const WRITE_KINDS: readonly OrgEvent['kind'][] = ['deploy', 'validate', 'cancel', 'update', 'setup', 'publish'];

/** Returns the events since line `start` of the org's log that write to the org. */
export const writeEvents = ({ log }: LocalOrg, start = 0): readonly OrgEvent[] =>
  log.slice(start).filter(({ kind }) => WRITE_KINDS.includes(kind));
