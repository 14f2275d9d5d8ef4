import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPostRefresh } from '../../lib/commands/post-refresh';
import { orgIdOf, startLocalOrg, type LocalOrg, type SeedFile } from '../../local-org/index';
import { documentSchemas } from './document-schemas';
import type { OrgState, RunResult } from './fault-cells';
import { authorization, channel, deployment, key, keyset, queue, routing } from './import-orgs';
import { testContext, type CapturedOutput } from './run-command';
import { orgState } from './run-helpers';
import { ImportFixture } from './run-import';
import type { Workspace } from './workspace';

const PRODUCTION_ISSUER = 'https://id.example.com';

/** A sandbox that was just refreshed, and a project whose org file contains its previous org ID. */
export interface RefreshedSandbox {
  readonly org: LocalOrg;
  readonly project: string;
}

/** Creates refreshed sandboxes: production's keys are trusted in them, and their channel is inactive. */
export class RefreshedSandboxes {
  private readonly workspace: Workspace;
  private template = '';
  private count = 0;
  private restored: OrgState | undefined;

  constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  /** The state of a sandbox after post-refresh. */
  get complete(): OrgState {
    assert.ok(this.restored, 'prepare the sandboxes first');
    return this.restored;
  }

  /** Imports production into the project of all sandboxes, and restores one sandbox to learn the final state. */
  async prepare(): Promise<void> {
    const fixture = new ImportFixture(this.workspace);
    await fixture.start('real', { kind: 'production', seed: await refreshedSeed(true) });
    this.template = fixture.project();
    assert.equal((await fixture.import(this.template, ['real'], { write: true })).exit, 0);
    const { path, content } = await key('Uat_Key');
    writeFileSync(join(this.template, `force-app/main/default/${path}-meta.xml`), content);
    const sandbox = await this.start();
    const { exit, shown } = await this.restore(sandbox);
    assert.equal(exit, 0, shown);
    this.restored = refreshedState(sandbox.org);
    assertRestored(sandbox);
  }

  async start(): Promise<RefreshedSandbox> {
    const alias = `uat-${++this.count}`;
    const org = await startLocalOrg({
      alias,
      kind: 'sandbox',
      port: 0,
      loginKey: this.workspace.loginKey,
      seed: await refreshedSeed(false),
    });
    this.workspace.onCleanup(() => org.close());
    await this.workspace.logIn(org);
    const project = mkdtempSync(join(this.workspace.folder, 'refreshed-'));
    cpSync(this.template, project, { recursive: true });
    mkdirSync(join(project, 'config/orgs'), { recursive: true });
    writeFileSync(join(project, `config/orgs/${alias}.json`), orgFile(orgIdOf(`${alias} before`)));
    return { org, project };
  }

  /** Runs post-refresh in this process. */
  async restore(
    { org, project }: RefreshedSandbox,
    pool = this.workspace.workers,
  ): Promise<RunResult & { readonly shown: string }> {
    const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
    const options = { org: [org.alias], accept: ['new-org-id'], lockTimeout: '30s', submitTimeout: '1s' };
    const { flags, ...context } = testContext(project, options, output);
    const exit = await runPostRefresh({ ...context, flags: { ...flags, verify: false } }, pool);
    const document: unknown = JSON.parse(output.documents[0] ?? '');
    const { orgs } = documentSchemas.deploy.parse({ ...(document as object), command: 'deploy' });
    return { exit, orgs, shown: output.shown.join('\n') };
  }
}

/** The metadata of production, which a refresh copies to the sandbox. */
async function refreshedSeed(active: boolean): Promise<readonly SeedFile[]> {
  return [
    ...[queue(), routing(), await key('Prod_A'), await key('Prod_B')],
    ...[
      keyset('Identity', PRODUCTION_ISSUER, 'Prod_A', 'Prod_B'),
      channel('Web_Chat', authorization('Identity'), { active }),
      deployment('Web_Chat', 'Web_Chat'),
    ],
  ];
}

const orgFile = (orgId: string): string =>
  JSON.stringify({
    orgId,
    kind: 'sandbox',
    channels: ['Web_Chat'],
    overrides: {
      PublicKeyCertificateSet: {
        Identity: {
          jwtIssuer: 'https://id.uat.example.com',
          publicKeyCertificateSetKeys: [{ publicKeyCertificate: 'Uat_Key' }],
        },
      },
    },
  });

/** The state of an org without differences in whitespace: the seed has other whitespace than a deployed file. */
export const refreshedState = (org: LocalOrg): OrgState =>
  Object.fromEntries(Object.entries(orgState(org)).map(([name, text]) => [name, text.replace(/>\s+</g, '><')]));

/** Asserts that a sandbox trusts only its own keys, and that its org file contains the new org ID. */
export function assertRestored({ org, project }: RefreshedSandbox): void {
  const state = refreshedState(org);
  assert.equal(state['Web_Chat'], 'true', 'the channel is active');
  assert.doesNotMatch(JSON.stringify(state), /Prod_|https:\/\/id\.example\.com/);
  assert.equal(readFileSync(join(project, `config/orgs/${org.alias}.json`), 'utf8'), orgFile(org.orgId));
}
