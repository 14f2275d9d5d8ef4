import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runImport, type ImportFlags } from '../../lib/import';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { ROOT, type OrgSetup } from './fleet';
import { testContext, type CapturedOutput } from './run-command';
import type { Workspace } from './workspace';

/** Result and output of an import. */
export interface ImportResult {
  readonly exit: number;
  readonly shown: string;
  readonly questions: readonly string[];
  /** The whole output of the command as one text. */
  readonly output: string;
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly component: string }[];
  readonly orgs: readonly {
    readonly alias: string;
    readonly status: string;
    readonly error?: { readonly code: string };
  }[];
  readonly files: readonly { readonly path: string; readonly action: string; readonly text: string }[];
}

export interface ImportRunOptions extends Partial<ImportFlags> {
  readonly answer?: boolean;
  readonly wave?: number;
}

/** Orgs that were set up by hand, and projects to import them into. */
export class ImportFixture {
  private readonly workspace: Workspace;
  private readonly orgs = new Map<string, LocalOrg>();

  constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  async start(alias: string, { config: _config, ...member }: OrgSetup): Promise<LocalOrg> {
    const org = await startLocalOrg({ loginKey: this.workspace.loginKey, kind: 'sandbox', ...member, alias, port: 0 });
    this.orgs.set(alias, org);
    this.workspace.onCleanup(() => org.close());
    await this.workspace.logIn(org);
    return org;
  }

  org(alias: string): LocalOrg {
    const org = this.orgs.get(alias);
    assert.ok(org, `no org ${alias}`);
    return org;
  }

  /** Creates a project without metadata of the imported types. */
  project(): string {
    const project = mkdtempSync(join(this.workspace.folder, 'project-'));
    cpSync(join(ROOT, 'sfdx-project.json'), join(project, 'sfdx-project.json'));
    mkdirSync(join(project, 'force-app'));
    cpSync(join(ROOT, 'member-site/main/default/classes'), join(project, 'member-site/main/default/classes'), {
      recursive: true,
    });
    return project;
  }

  async import(project: string, aliases: readonly string[], setting: ImportRunOptions = {}): Promise<ImportResult> {
    const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
    const { flags, ...context } = testContext(project, { org: aliases }, output);
    const { answer, ...rest } = setting;
    const commandFlags = { ...flags, origins: true, write: false, ...rest };
    const exit = await runImport(
      {
        ...context,
        flags: commandFlags,
        interactive: answer !== undefined,
        confirm: (question) => {
          output.questions.push(question);
          return Promise.resolve(answer ?? false);
        },
      },
      this.workspace.workers,
    );
    const document = JSON.parse(output.documents[0] ?? '') as ImportResult;
    const shown = output.shown.join('\n');
    return {
      exit,
      shown,
      questions: output.questions,
      output: shown + JSON.stringify(output),
      findings: document.findings,
      orgs: document.orgs,
      files: document.files,
    };
  }
}

/** Text of each project file by path. */
export const projectFiles = (project: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(project, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(project, path), readFileSync(path, 'utf8')]),
  );
