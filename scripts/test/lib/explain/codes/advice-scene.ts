import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandsIn } from '../../../../lib/model';
import { temporaryFolder } from '../../../commands-keys/test-project';
import { FakeSf, type FakeOrg } from '../../fake-sf';
import { keyFixture } from '../../keys/key-fixture';
import { runRecommended, type Outcome, type Session } from '../../run-recommended';

/** An error, or a finding, that a command reported. */
export interface Problem {
  readonly code: string;
  readonly fix: string;
}

/** A project whose keyset `Identity` lists `Old` and has a changed label, the orgs `one` and `two`, and a folder outside. */
export class Scene {
  readonly folder: string;
  readonly outside: string;
  readonly sf: FakeSf;

  constructor({ folder, sf }: Session) {
    const root = mkdtempSync(join(folder, '../scene-'));
    this.folder = join(root, 'project');
    this.outside = join(root, 'outside');
    cpSync(folder, this.folder, { recursive: true });
    mkdirSync(this.outside);
    const setups = [...sf.orgs.values()].map(
      ({ alias, orgId, files }) => [alias, { orgId, files: Object.fromEntries(files), active: ['Web'] }] as const,
    );
    this.sf = new FakeSf(Object.fromEntries(setups));
  }

  get org(): FakeOrg {
    return this.sf.org('one');
  }

  read = (file: string): string => readFileSync(join(this.folder, file), 'utf8');

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  edit(file: string, from: string | RegExp, to: string): void {
    const text = this.read(file);
    const edited = text.replace(from, to);
    assert.notEqual(edited, text, `${file} doesn't contain ${String(from)}`);
    this.write(file, edited);
  }

  remove = (file: string): void => rmSync(join(this.folder, file), { recursive: true });

  /** Changes the fields of an org file. */
  setOrg(fields: object, alias = 'one'): void {
    const file = `config/orgs/${alias}.json`;
    this.write(file, JSON.stringify({ ...(JSON.parse(this.read(file)) as object), ...fields }, null, 2));
  }

  /** Changes the fields of sfdx-project.json. */
  setProject(fields: object): void {
    const project = JSON.parse(this.read('sfdx-project.json')) as object;
    this.write('sfdx-project.json', JSON.stringify({ ...project, ...fields }, null, 2));
  }

  run = (command: string): Promise<Outcome> =>
    runRecommended(this, command.replaceAll('FOLDER', this.folder).replaceAll('OUTSIDE', this.outside));
}

const APP = 'force-app/main/default';

/** Short names of the files that the cases edit. */
export const FILES = {
  org: 'config/orgs/one.json',
  project: 'sfdx-project.json',
  channel: `${APP}/messagingChannels/Web.messagingChannel-meta.xml`,
  keyset: `${APP}/PublicKeyCertificateSet/Identity.PublicKeyCertificateSet-meta.xml`,
  oldKey: `${APP}/PublicKeyCertificate/Old.PublicKeyCertificate-meta.xml`,
  newKey: `${APP}/PublicKeyCertificate/New.PublicKeyCertificate-meta.xml`,
  app: APP,
} as const;

const parent = temporaryFolder();
let base: Session | undefined;

/** A new scene. Its keys are created once. */
export async function createScene(): Promise<Scene> {
  base ??= await keyFixture(parent, { one: 1, two: 2 });
  const scene = new Scene(base);
  scene.edit(FILES.keyset, '<masterLabel>Identity', '<masterLabel>Customers');
  return scene;
}

/** What a command reported: its error, the errors of orgs, and its findings. */
export const problemsOf = ({ error, orgs, findings }: Outcome): readonly Problem[] => [
  ...(error ? [error] : []),
  ...orgs.flatMap((org) => org.error ?? []),
  ...findings.map(({ rule, fix }) => ({ code: rule, fix })),
];

/** The values of the words in capitals in a fix. */
const VALUES: Readonly<Record<string, string>> = { ALIAS: 'one', ORG: 'one', KEYSET: 'Identity', NAME: 'Own' };

/** Runs a command of the fix that contains a text, with more arguments, as the fix says. */
export const runFix =
  (part: string, { more = '', ...values }: Readonly<Record<string, string>> = {}) =>
  (scene: Scene, { fix }: Problem): Promise<Outcome> => {
    const command = commandsIn(fix).find((each) => each.includes(part)) ?? assert.fail(`no ${part} in: ${fix}`);
    const filled = command.replace(/\b[A-Z]{3,}\b/g, (word) => values[word] ?? VALUES[word] ?? word);
    return scene.run(more === '' ? filled : `${filled}${filled.includes(' -- ') ? '' : ' --'} ${more}`);
  };
