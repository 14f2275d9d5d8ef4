import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { importModule } from './import-module';

type ShareLogins = typeof import('../../../lib/sf/share-logins.mts');
type PatchCli = typeof import('../../../lib/sf/patch-cli.mts');

/** Stand for the parts of the CLI that are changed. */
class Org {
  static created: string[] = [];
  static fails = false;
  readonly options: { readonly aliasOrUsername?: string };
  versions: (string | undefined)[] = [];
  constructor(options: Org['options']) {
    this.options = options;
  }
  static create(options: Org['options'] = {}): Promise<Org> {
    Org.created.push(JSON.stringify(options));
    return Org.fails ? Promise.reject(new Error('locked')) : Promise.resolve(new Org(options));
  }
  getConnection(version?: string): Org {
    this.versions.push(version);
    return this;
  }
}
class MetadataTransfer {
  usernameOrConnection: unknown;
  readonly apiVersion: string | undefined;
  constructor(usernameOrConnection: unknown, apiVersion?: string) {
    this.usernameOrConnection = usernameOrConnection;
    this.apiVersion = apiVersion;
  }
  getConnection(): Promise<unknown> {
    return Promise.resolve(this.usernameOrConnection);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'logins-'));
after(() => rmSync(folder, { recursive: true }));
const MODULES: Readonly<Record<string, unknown>> = {
  '@salesforce/core': { Org },
  '@salesforce/core/global': { Global: { DIR: folder } },
  '@salesforce/source-deploy-retrieve/lib/src/client/metadataTransfer': { MetadataTransfer },
};
const USER = 'a@example.com';
const writeLogin = (text: string): void => writeFileSync(join(folder, `${USER}.json`), text);

let commands: PatchCli['currentCommand'];
before(async () => {
  const load = <T>(name: string): Promise<T> => importModule<T>(join(__dirname, '../../../lib/sf', name));
  const { shareLogins } = await load<ShareLogins>('share-logins.mts');
  commands = (await load<PatchCli>('patch-cli.mts')).currentCommand;
  shareLogins(((name: string) => MODULES[name]) as NodeJS.Require)();
});
beforeEach(() => {
  writeLogin(`login of ${String(Math.random())}`);
  [Org.created, Org.fails] = [[], false];
});

/** Runs code as a command with the login of USER. */
const asCommand = <T>(argv: readonly string[], run: () => T): T => {
  const login = { username: USER, instanceUrl: 'https://a.my.salesforce.com' };
  return commands.run({ id: 1, argv, login, hasWritten: false, renewals: [] }, run);
};
const createOrg = (argv: readonly string[] = [], options: Org['options'] = { aliasOrUsername: USER }): Promise<Org> =>
  asCommand(argv, () => Org.create(options));
const connect = (transfer: MetadataTransfer): Promise<unknown> => asCommand([], () => transfer.getConnection());

test('commands of an org with the same API version share its login', async () => {
  const orgs = await Promise.all([
    createOrg(['--api-version', '67.0']),
    createOrg(['--json', '--api-version', '67.0']),
  ]);
  assert.equal(orgs[0], orgs[1]);
  assert.equal(Org.created.length, 1);
});

test('commands with different API versions share no connection', async () => {
  const orgs = [
    await createOrg(['--api-version', '67.0']),
    await createOrg(['--api-version', '66.0']),
    await createOrg(),
  ];
  assert.equal(new Set(orgs).size, 3);
});

test('a login is read again after its file was written', async () => {
  const first = await createOrg();
  writeLogin('renewed');
  const second = await createOrg();
  assert.notEqual(first, second);
  assert.equal(await createOrg(), second);
});

test('a login that cannot be read is read again by the next command', async () => {
  Org.fails = true;
  await assert.rejects(createOrg(), /locked/);
  Org.fails = false;
  await createOrg();
  assert.equal(Org.created.length, 2);
});

test('nothing is shared with another user, with other options, without a login file, or outside a command', async () => {
  const other = { aliasOrUsername: 'b@example.com' };
  const hub = { aliasOrUsername: USER, isDevHub: true };
  for (const options of [other, hub, {}]) for (let each = 0; each < 2; each++) await createOrg([], options);
  await Org.create({ aliasOrUsername: USER });
  rmSync(join(folder, `${USER}.json`));
  await createOrg();
  await createOrg();
  assert.equal(Org.created.length, 9);
});

test('the deploys and retrieves of an org share a connection with the API version of the package', async () => {
  const [first, second] = [new MetadataTransfer(USER, '67.0'), new MetadataTransfer(USER, '67.0')];
  const connection = await connect(first);
  assert.equal(await connect(second), connection);
  assert.deepEqual((connection as Org).versions, ['67.0', '67.0']);
  assert.notEqual(await connect(new MetadataTransfer(USER)), connection);
  assert.notEqual(await createOrg(['--api-version', '67.0']), connection);
});

test('a deploy with a connection of its own keeps it', async () => {
  const own = new Org({});
  assert.equal(await connect(new MetadataTransfer(own, '67.0')), own);
  assert.deepEqual([own.versions, Org.created], [[], []]);
});
