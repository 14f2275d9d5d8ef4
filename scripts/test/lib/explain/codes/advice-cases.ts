import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { keyFactsOf } from '../../../../lib/jwk';
import { UNREVIEWED_REASON } from '../../../../lib/model';
import { readKeyProject } from '../../../../lib/keys/keyset';
import { channel, deployment, flow, key } from '../../../commands/import-orgs';
import { pemOf } from '../../../commands-keys/test-project';
import { createCertificate, keyPair, publicJwk } from '../../jwk/test-keys';
import { FILES, runFix, type Problem, type Scene } from './advice-scene';

/** How a code appears, and what its fix says to do. */
export interface AdviceCase {
  readonly code: string;
  readonly kind: 'error' | 'finding';
  /** Breaks the project or an org. */
  readonly breaks?: (scene: Scene) => unknown;
  readonly command: string;
  /** The part of the fix that is followed. */
  readonly says: string;
  /** Does it. A returned outcome is the one of the command of the fix. */
  readonly follow?: (scene: Scene, problem: Problem) => unknown;
  /** The command afterwards. Default: the same command, unless `follow` returned an outcome. */
  readonly again?: string;
}

const PLAN = 'npm run plan -- --org one';
const DEPLOY = 'npm run deploy -- --org one';
const CHECK = 'npm run check';

const error = (code: string, command: string, says: string, rest: Partial<AdviceCase> = {}): AdviceCase => ({
  code,
  kind: 'error',
  command,
  says,
  ...rest,
});

const finding = (
  code: string,
  says: string,
  breaks: (scene: Scene) => unknown,
  rest: Partial<AdviceCase>,
): AdviceCase => ({
  code,
  kind: 'finding',
  command: CHECK,
  says,
  breaks,
  ...rest,
});

const DAY = 86_400_000;
const LISTED =
  '<publicKeyCertificateSetKeys><publicKeyCertificate>Old</publicKeyCertificate></publicKeyCertificateSetKeys>';
const WEB = 'messagingChannels/Web.messagingChannel';

export const ERROR_CASES: readonly AdviceCase[] = [
  error('invalid-flag', 'npm run plan -- --ogr one', '--help', {
    follow: async (scene, problem) => void (await runFix('--help')(scene, problem)),
    again: PLAN,
  }),
  error('no-project', 'npm run check -- --project FOLDER/config', '--project', {
    again: 'npm run check -- --project FOLDER',
  }),
  error('unreadable-file', CHECK, 'or remove it', {
    breaks: (s) => mkdirSync(join(s.folder, '.forceignore')),
    follow: (s) => s.remove('.forceignore'),
  }),
  error('file-system', CHECK, 'Move or delete the file', {
    breaks: (s) => s.write('config/rotations', ''),
    follow: (s) => s.remove('config/rotations'),
  }),
  error('unknown-org', 'npm run plan -- --org oen', 'one', { again: PLAN }),
  error('org-unreachable', PLAN, 'then run the command again', {
    breaks: (s) => s.org.fail('retrieve', 'unreachable'),
  }),
  error('org-busy', `${DEPLOY} --lock-timeout 1s`, 'Wait until', {
    breaks: (s) => {
      stopJob = s.org.startOtherJob();
    },
    follow: () => stopJob(),
  }),
  error('org-mismatch', PLAN, 'post-refresh', {
    breaks: (s) => {
      s.org.orgId = '00D000000000009EAA';
    },
    follow: runFix('post-refresh', { more: '--accept new-org-id --no-verify' }),
  }),
  error('missing-permission', DEPLOY, 'Assign a permission set', {
    breaks: (s) => {
      s.org.missingPermissions = ['PermissionsModifyMetadata'];
    },
    follow: (s) => {
      s.org.missingPermissions = [];
    },
  }),
  error('missing-in-org', `${DEPLOY} --accept disruptive`, 'create', {
    breaks: (s) => {
      s.edit(
        FILES.channel,
        '<sessionHandlerQueue>',
        '<sessionHandlerFlow>Route</sessionHandlerFlow><sessionHandlerQueue>',
      );
      s.setOrg({ existing: ['Flow:Route'] });
      s.setOrg({ existing: ['Flow:Route'] }, 'two');
    },
    follow: (s) => s.org.files.set(flow('Route').path, flow('Route').content),
  }),
  error('conflicting-setting', PLAN, 'Declare the setting in the source', {
    breaks: (s) =>
      s.org.files.set(
        WEB,
        (s.org.files.get(WEB) ?? '')
          .replace(/>Auth<\/authMode>.*<\/messagingAuthorizations>/s, '>UnAuth</authMode>')
          .replace('<masterLabel>', '<isSynchronousChatEnabled>true</isSynchronousChatEnabled><masterLabel>'),
      ),
    follow: (s) =>
      s.edit(FILES.channel, '<masterLabel>', '<isSynchronousChatEnabled>false</isSynchronousChatEnabled><masterLabel>'),
  }),
  error('name-case', PLAN, 'Rename the file', {
    breaks: (s) => {
      const path = 'messagingChannels/Web.messagingChannel';
      s.org.files.set(path.replace('Web', 'web'), s.org.files.get(path) ?? '');
      s.org.files.delete(path);
    },
    follow: (s) => {
      renameSync(join(s.folder, FILES.channel), join(s.folder, FILES.channel.replace('Web', 'web')));
      s.setOrg({ channels: ['web'] });
      s.setOrg({ channels: ['web'] }, 'two');
    },
  }),
  error('not-accepted', DEPLOY, '--accept disruptive', {
    breaks: (s) => s.edit(FILES.keyset, '//id.example.com', '//login.example.com'),
    follow: runFix('--accept disruptive'),
  }),
  error('compromised-key', 'npm run deploy -- --plan OUTSIDE/plan.json --all', 'Deploy the desired state', {
    breaks: async (s) => {
      const source = s.read(FILES.keyset);
      s.edit(FILES.keyset, LISTED, `${LISTED.replace('Old', 'New')}${LISTED}`);
      await s.run('npm run plan -- --org one --out OUTSIDE/plan.json');
      s.write(FILES.keyset, source);
      const leaked = { thumbprint: thumbprintOf(s, 'New'), name: 'Leaked', kid: 'k', keyset: 'Identity' };
      const keys = [{ ...leaked, markedAt: new Date().toISOString() }];
      s.write('config/compromised-keys.json', JSON.stringify({ keys }));
    },
    follow: runFix('deploy'),
  }),
  error('expiring-key', DEPLOY, 'import it', {
    breaks: async (s) => {
      const soon = await key('Soon', {}, new Date(Date.now() + 5 * DAY));
      s.write(`${FILES.app}/${soon.path}-meta.xml`, soon.content);
      s.edit(
        FILES.keyset,
        '<publicKeyCertificate>Old',
        '<publicKeyCertificate>Soon</publicKeyCertificate></publicKeyCertificateSetKeys><publicKeyCertificateSetKeys><publicKeyCertificate>Old',
      );
    },
    follow: async (s, p) => {
      writeFileSync(
        join(s.outside, 'new.pem'),
        pemOf('CERTIFICATE', await createCertificate(keyPair('Soon'), { notAfter: new Date('2099-01-01') })),
      );
      await runFix('import Soon', { FILE: 'OUTSIDE/new.pem' })(s, p);
    },
  }),
  error('plan-stale', 'npm run deploy -- --plan OUTSIDE/plan.json --all', 'plan', {
    breaks: async (s) => {
      await s.run('npm run plan -- --org one --out OUTSIDE/plan.json');
      const path = 'PublicKeyCertificateSet/Identity.PublicKeyCertificateSet';
      s.org.files.set(path, (s.org.files.get(path) ?? '').replace('<masterLabel>Identity', '<masterLabel>Clients'));
    },
    follow: runFix('plan', { FILE: 'OUTSIDE/next.json' }),
    again: 'npm run deploy -- --plan OUTSIDE/next.json --all',
  }),
  error('plan-invalid', 'npm run deploy -- --plan OUTSIDE/plan.json --all', 'save', {
    breaks: (s) => writeFileSync(join(s.outside, 'plan.json'), '{}'),
    follow: async (s, p) => void (await runFix('plan', { FILE: 'OUTSIDE/plan.json' })(s, p)),
  }),
  error('plan-expired', 'npm run deploy -- --plan OUTSIDE/plan.json --all --max-age 1s', '--max-age', {
    breaks: async (s) => {
      await s.run('npm run plan -- --org one --out OUTSIDE/plan.json');
      await setTimeout(1100);
    },
    again: 'npm run deploy -- --plan OUTSIDE/plan.json --all --max-age 48h',
  }),
  error('unknown-run', 'npm run rollback -- --run nope', 'To see the plan of a rollback', {
    breaks: (s) => s.run(DEPLOY),
    follow: runFix('rollback'),
  }),
  error('wave-skipped', 'npm run deploy -- --all', '--resume', {
    breaks: (s) => s.org.rejectDeploy('The row is locked.'),
    follow: runFix('--resume'),
  }),
  error('deploy-failed', DEPLOY, '--resume', {
    breaks: (s) => s.org.rejectDeploy('The name is too long.'),
    follow: runFix('--resume'),
  }),
  error('deploy-unknown', DEPLOY, '--resume', {
    breaks: (s) =>
      s.org.intercept('deploy', async (proceed) => {
        const id = await proceed();
        s.org.intercept('report', () => Promise.reject(s.org.cliError('report', 'loginRefused')));
        return id;
      }),
    follow: runFix('--resume'),
  }),
  error('retrieve-failed', PLAN, 'run the command again', { breaks: (s) => s.org.fail('retrieve', 'rejected') }),
  error('activate-failed', `${DEPLOY} --accept disruptive`, '--resume', {
    breaks: (s) => {
      s.org.active.clear();
      s.org.files.delete('messagingChannels/Web.messagingChannel');
      s.org.fail('setActive', 'rejected');
    },
    follow: runFix('--resume'),
  }),
  error('publish-failed', `${DEPLOY} --publish`, '--resume', {
    breaks: (s) => {
      s.write(`${FILES.app}/${APP.path}-meta.xml`, APP.content);
      s.org.files.set(APP.path, APP.content);
      s.org.fail('publish', 'rejected');
    },
    follow: runFix('--resume'),
  }),
  error('readback-mismatch', DEPLOY, 'plan', {
    breaks: (s) => {
      s.org.store = (text, before) => before ?? text;
    },
    follow: async (s, p) => {
      await runFix('plan')(s, p);
      s.org.store = (text) => text;
    },
  }),
  error('already-exists', 'npm run keys -- new Own --private-key OUTSIDE/own.pem', 'another file', {
    breaks: (s) => writeFileSync(join(s.outside, 'own.pem'), ''),
    again: 'npm run keys -- new Own --private-key OUTSIDE/other.pem',
  }),
  error('replaced-text', 'npm run keys -- rotate stage Identity --new-key New', 'remove the replacement', {
    breaks: (s) =>
      s.setProject({
        replacements: [{ filename: FILES.keyset, stringToReplace: 'Customers', replaceWithFile: 'label.txt' }],
      }) ?? s.write('label.txt', 'Clients'),
    follow: (s) => s.setProject({ replacements: [] }),
  }),
  error('nothing-to-import', 'npm run import -- --org one', 'Correct the channels in Setup', {
    breaks: (s) => {
      hidden = s.org.files.get(WEB) ?? '';
      s.org.files.delete(WEB);
    },
    follow: (s) => s.org.files.set(WEB, hidden),
  }),
  error('unsafe-location', 'npm run keys -- new Own --private-key FOLDER/own.pem', 'outside', {
    breaks: (s) => mkdirSync(join(s.folder, '.git')),
    again: 'npm run keys -- new Own --private-key OUTSIDE/own.pem',
  }),
  error('command-failed', 'npm run keys -- new Own --private-key-to false', 'run keys new again', {
    again: 'npm run keys -- new Own --private-key-to cat',
  }),
  error('unknown-component', 'npm run keys -- jwks Identitty', 'Identity', { again: 'npm run keys -- jwks Identity' }),
  error('invalid-rotation', 'npm run keys -- rotate switch Identity --confirm', 'rotate stage', {
    follow: runFix('rotate stage', { NAME: 'New' }),
  }),
];

let stopJob: () => void = () => undefined;
let hidden = '';

const thumbprintOf = (scene: Scene, name: string): string => {
  const file = `PublicKeyCertificate:${name}` as const;
  const component = readKeyProject(scene.folder).source.components.get(file);
  return keyFactsOf(component)?.thumbprint ?? '';
};

const later = '2099-01-01';
const past = '2020-01-01';

export const PROJECT_CASES: readonly AdviceCase[] = [
  finding(
    'bad-alias',
    'Rename',
    (s) => renameSync(join(s.folder, FILES.org), join(s.folder, 'config/orgs/my one.json')),
    { follow: (s) => renameSync(join(s.folder, 'config/orgs/my one.json'), join(s.folder, FILES.org)) },
  ),
  finding('bad-org-file', 'Correct the value', (s) => s.setOrg({ orgId: '00D' }), {
    follow: (s) => s.setOrg({ orgId: s.org.orgId }),
  }),
  finding(
    'bad-override',
    'masterLabel',
    (s) => s.setOrg({ overrides: { MessagingChannel: { Web: { masterLable: 'x' } } } }),
    { follow: (s) => s.setOrg({ overrides: { MessagingChannel: { Web: { masterLabel: 'x' } } } }) },
  ),
  finding('unknown-field', 'channels', (s) => s.setOrg({ chanels: ['Web'] }), {
    follow: (s) => s.setOrg({ chanels: undefined }),
  }),
  finding('shared-org-id', 'one org file', (s) => s.write('config/orgs/copy.json', s.read(FILES.org)), {
    follow: (s) => s.remove('config/orgs/copy.json'),
  }),
  finding('unreadable-org-file', 'delete it', (s) => mkdirSync(join(s.folder, 'config/orgs/three.json')), {
    follow: (s) => s.remove('config/orgs/three.json'),
  }),
  finding('ill-formed-json', 'Fix the JSON syntax', (s) => s.edit(FILES.org, '{', '{,'), {
    follow: (s) => s.edit(FILES.org, '{,', '{'),
  }),
  finding('ill-formed-xml', 'Fix the XML syntax', (s) => s.edit(FILES.channel, '</masterLabel>', ''), {
    follow: (s) => s.edit(FILES.channel, /<masterLabel>Web/, '<masterLabel>Web</masterLabel>'),
  }),
  finding(
    'wrong-root',
    'Change the root element',
    (s) =>
      s.write(
        FILES.keyset,
        s
          .read(FILES.keyset)
          .replaceAll('PublicKeyCertificateSet ', 'PublicKeyCertificate ')
          .replace('</PublicKeyCertificateSet>', '</PublicKeyCertificate>'),
      ),
    {
      follow: (s) =>
        s.write(
          FILES.keyset,
          s
            .read(FILES.keyset)
            .replace('<PublicKeyCertificate ', '<PublicKeyCertificateSet ')
            .replace(/<\/PublicKeyCertificate>\s*$/, '</PublicKeyCertificateSet>'),
        ),
    },
  ),
  finding(
    'wrong-suffix-case',
    'Rename',
    (s) => renameSync(join(s.folder, FILES.newKey), join(s.folder, FILES.newKey.replace('.Public', '.public'))),
    {
      follow: (s) =>
        renameSync(join(s.folder, FILES.newKey.replace('.Public', '.public')), join(s.folder, FILES.newKey)),
    },
  ),
  finding('bad-name', 'Rename', (s) => s.write(FILES.newKey.replace('New', 'Ne-w'), s.read(FILES.newKey)), {
    follow: (s) => s.remove(FILES.newKey.replace('New', 'Ne-w')),
  }),
  finding(
    'duplicate-component',
    'one of',
    (s) => s.write(`force-app/other/New.PublicKeyCertificate-meta.xml`, s.read(FILES.newKey)),
    { follow: (s) => s.remove('force-app/other/New.PublicKeyCertificate-meta.xml') },
  ),
  finding(
    'missing-package-directory',
    'Create the folder',
    (s) => s.setProject({ packageDirectories: [{ path: 'force-app' }, { path: 'other' }] }),
    { follow: (s) => mkdirSync(join(s.folder, 'other')) },
  ),
  finding(
    'no-package-directory',
    'Add { "path": "force-app", "default": true } to packageDirectories',
    (s) => s.setProject({ packageDirectories: [] }),
    { follow: (s) => s.setProject({ packageDirectories: [{ path: 'force-app', default: true }] }) },
  ),
  finding(
    'package-directory-outside',
    'inside the project',
    (s) => s.setProject({ packageDirectories: [{ path: 'force-app' }, { path: '../outside' }] }),
    { follow: (s) => s.setProject({ packageDirectories: [{ path: 'force-app' }] }) },
  ),
  finding('unknown-component', 'Web', (s) => s.setOrg({ channels: ['Webb'] }), {
    follow: (s) => s.setOrg({ channels: ['Web'] }),
  }),
  finding(
    'unused-override',
    'remove it from the org file',
    (s) => s.setOrg({ overrides: { PublicKeyCertificate: { New: { masterLabel: 'x' } } } }),
    { follow: (s) => s.setOrg({ overrides: undefined }) },
  ),
  finding('retired-in-use', 'Remove it from "retired"', (s) => s.setOrg({ retired: ['MessagingChannel:Web'] }), {
    follow: (s) => s.setOrg({ retired: [] }),
  }),
  finding(
    'accept-ended',
    'until',
    (s) => s.setOrg({ accept: [{ rule: 'shared-issuer', reason: 'test', until: past }] }),
    { follow: (s) => s.setOrg({ accept: [{ rule: 'shared-issuer', reason: 'test', until: later }] }) },
  ),
  finding(
    'accept-not-possible',
    'Remove the entry',
    (s) => s.setOrg({ accept: [{ rule: 'jwk-private-key', reason: 'test' }] }),
    { follow: (s) => s.setOrg({ accept: [] }) },
  ),
  finding(
    'accept-unknown-rule',
    'shared-issuer',
    (s) => s.setOrg({ accept: [{ rule: 'shared-isuer', reason: 'test' }] }),
    { follow: (s) => s.setOrg({ accept: [{ rule: 'shared-issuer', reason: 'test' }] }) },
  ),
  finding(
    'bad-replacement',
    'Correct the entry',
    (s) => s.setProject({ replacements: [{ stringToReplace: 'x', replaceWithEnv: 'X' }] }),
    { follow: (s) => s.setProject({ replacements: [] }) },
  ),
  finding(
    'replacement-unused',
    'remove it from sfdx-project.json',
    (s) => {
      s.write('x.txt', 'y');
      s.setProject({
        replacements: [{ filename: FILES.keyset, stringToReplace: 'NOWHERE', replaceWithFile: 'x.txt' }],
      });
    },
    { follow: (s) => s.setProject({ replacements: [] }) },
  ),
  finding(
    'replacement-with-secret',
    'variable',
    (s) =>
      s.setProject({
        replacements: [{ filename: FILES.keyset, stringToReplace: 'Customers', replaceWithEnv: 'SF_JWT_KEY' }],
      }) ?? (process.env['SF_JWT_KEY'] = 'x'),
    {
      follow: (s) => {
        delete process.env['SF_JWT_KEY'];
        s.write('x.txt', 'y');
        s.setProject({
          replacements: [{ filename: FILES.keyset, stringToReplace: 'Customers', replaceWithFile: 'x.txt' }],
        });
      },
    },
  ),
  finding(
    'replacement-without-value',
    'x.txt',
    (s) =>
      s.setProject({
        replacements: [{ filename: FILES.keyset, stringToReplace: 'Customers', replaceWithFile: 'x.txt' }],
      }),
    { follow: (s) => s.write('x.txt', 'y') },
  ),
  finding('member-site-missing', 'memberSite', (s) => s.setOrg({ memberSite: { key: 'Old', certificate: 'C' } }), {
    follow: (s) => s.setOrg({ memberSite: undefined }),
  }),
  finding('bad-rotation-file', 'git', (s) => s.write('config/rotations/Identity.json', '{'), {
    follow: (s) => s.remove('config/rotations/Identity.json'),
  }),
  finding('also-trusted-ended', 'set a later date', (s) => s.setOrg({ alsoTrusted: [legacy({ until: past })] }), {
    follow: (s) => s.setOrg({ alsoTrusted: [legacy({ until: later })] }),
  }),
  finding(
    'also-trusted-unreviewed',
    'Write the reason',
    (s) => s.setOrg({ alsoTrusted: [legacy({ reason: UNREVIEWED_REASON })] }),
    { follow: (s) => s.setOrg({ alsoTrusted: [legacy()] }) },
  ),
];

const legacy = (fields: object = {}): object => ({
  component: 'PublicKeyCertificate:Legacy',
  keys: ['NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
  reason: 'The old login service.',
  ...fields,
});

/** Makes the steps of the rotation of `Identity` as old as a number of days. */
const age = (scene: Scene, days: number): void =>
  scene.write(
    ROTATION,
    scene
      .read(ROTATION)
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => new Date(Date.parse(at) - days * DAY).toISOString()),
  );

const ROTATION = 'config/rotations/Identity.json';
const STAGE = 'npm run keys -- rotate stage Identity --new-key New';
const SWITCH = 'npm run keys -- rotate switch Identity --confirm';

/** Gives the old key a certificate that expires soon. */
const expireOld = async (scene: Scene): Promise<void> =>
  scene.write(FILES.oldKey, (await key('Old', {}, new Date(Date.now() + 2 * DAY))).content);

/** Imports a new certificate of a key pair with the command of the fix, or with the usual one. */
const renew =
  (name: string) =>
  async (scene: Scene): Promise<void> => {
    const certificate = await createCertificate(keyPair(name), { notAfter: new Date('2099-01-01') });
    writeFileSync(join(scene.outside, 'new.pem'), pemOf('CERTIFICATE', certificate));
    await scene.run(`npm run keys -- import ${name} --from OUTSIDE/new.pem`);
  };

export const ROTATION_CASES: readonly AdviceCase[] = [
  finding(
    'rotation-stuck',
    'rotate status',
    async (s) => {
      await s.run(STAGE);
      age(s, 20);
    },
    {
      follow: async (s, p) => {
        await runFix('status')(s, p);
        await s.run(SWITCH);
      },
    },
  ),
  finding(
    'rotation-overdue',
    'rotate retire',
    async (s) => {
      await s.run(STAGE);
      await s.run(SWITCH);
      age(s, 20);
    },
    { follow: async (s, p) => void (await runFix('retire')(s, p)) },
  ),
  finding('rotation-missing', 'keys -- new', expireOld, {
    follow: async (s, p) => {
      await runFix('keys -- new', { FILE: 'OUTSIDE/own.pem' })(s, p);
      await s.run('npm run keys -- rotate stage Identity --new-key Own');
    },
  }),
  finding(
    'rotation-late',
    'import a new certificate',
    async (s) => {
      await s.run(STAGE);
      s.write(FILES.oldKey, (await key('Old', {}, new Date(Date.now() - DAY / 24))).content);
    },
    { follow: renew('Old') },
  ),
];

const OTHER = channel('Other', '');
const APP = deployment('App', 'Web');

export const ORG_CASES: readonly AdviceCase[] = [
  finding('live-and-unmanaged', '"retired"', (s) => s.org.files.set(APP.path, APP.content), {
    command: PLAN,
    follow: (s) => s.setOrg({ retired: ['EmbeddedServiceConfig:App'] }),
  }),
  finding('channel-not-imported', '--channel', (s) => s.org.files.set(OTHER.path, OTHER.content), {
    command: 'npm run import -- --org one',
    again: 'npm run import -- --org one --channel Web --channel Other',
  }),
  finding(
    'ignored-file',
    'Remove the pattern',
    (s) => s.write('.forceignore', 'Identity.PublicKeyCertificateSet-meta.xml'),
    { command: 'npm run import -- --org one', follow: (s) => s.remove('.forceignore') },
  ),
  finding('unreadable-source', 'Correct the file', (s) => s.edit(FILES.keyset, '</masterLabel>', ''), {
    command: 'npm run import -- --org one',
    follow: (s) => s.edit(FILES.keyset, 'Customers', 'Customers</masterLabel>'),
  }),
];

/** A case of a key file: the file that is wrong, and the one that the fix asks for. */
const keyFile = (
  code: string,
  says: string,
  wrong: string | Buffer | (() => Promise<string | Buffer>),
  right?: string,
): AdviceCase => ({
  code,
  kind: 'finding',
  says,
  command: 'npm run keys -- import Own --from OUTSIDE/key',
  breaks: async (scene) => {
    writeFileSync(join(scene.outside, 'key'), typeof wrong === 'function' ? await wrong() : wrong);
    writeFileSync(join(scene.outside, 'right'), await ownCertificate());
  },
  again: right ?? 'npm run keys -- import Own --from OUTSIDE/right',
});

const ownCertificate = async (name = 'Own'): Promise<string> =>
  pemOf('CERTIFICATE', await createCertificate(keyPair(name), { notAfter: new Date('2099-01-01') }));

const ownJwk = async (name = 'Own', members: object = {}): Promise<string> =>
  JSON.stringify({ ...(await publicJwk(keyPair(name), { notAfter: new Date('2099-01-01') })), kid: name, ...members });
const publicPem = (): string => keyPair('Own').publicKey.export({ type: 'spki', format: 'pem' }).toString();
const privatePem = (): string => keyPair('Own').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const KEY_CASES: readonly AdviceCase[] = [
  keyFile('key-empty', 'Specify a PEM certificate', ''),
  keyFile('key-too-large', 'Specify', Buffer.alloc(3_000_000, 'a')),
  keyFile('key-encoding', 'UTF-8', async () => Buffer.from(await ownCertificate(), 'utf16le')),
  finding('key-unknown', 'Create an RSA key', (s) => writeFileSync(join(s.outside, 'key'), 'ssh-rsa AAAA'), {
    command: 'npm run keys -- import Own --from OUTSIDE/key',
    follow: runFix('keys -- new', { FILE: 'OUTSIDE/own.pem' }),
  }),
  keyFile('key-json', 'Specify', '{"a": 1}'),
  keyFile('key-several', 'one', () =>
    Promise.resolve(publicPem() + keyPair('third').publicKey.export({ type: 'spki', format: 'pem' }).toString()),
  ),
  keyFile('private-key', 'Specify the certificate of the key', () => Promise.resolve(privatePem())),
  keyFile('pem-cut-off', 'Copy', async () => (await ownCertificate()).replace(/-----END.*/, '')),
  keyFile('pem-unreadable', 'Copy', () => Promise.resolve(publicPem().replace(/\n.{64}/, ''))),
  keyFile('pem-kind', 'Specify', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n'),
  keyFile(
    'certificate-missing',
    '--certificate',
    () => Promise.resolve(publicPem()),
    'npm run keys -- import Own --from OUTSIDE/key --certificate OUTSIDE/right',
  ),
  keyFile('jwks-no-list', '"keys"', '{"keys": 1}'),
  {
    ...keyFile(
      'jwks-none',
      '--kid',
      async () => `{"keys": [${await ownJwk()}]}`,
      'npm run keys -- import Own --from OUTSIDE/key --kid Own',
    ),
    command: 'npm run keys -- import Own --from OUTSIDE/key --kid Nope',
  },
  keyFile(
    'jwks-several',
    '--kid Own',
    async () => `{"keys": [${await ownJwk()}, ${await ownJwk('third')}]}`,
    'npm run keys -- import Own --from OUTSIDE/key --kid Own',
  ),
  keyFile(
    'key-exists',
    'import it as Old',
    async () => ownCertificate('Old'),
    'npm run keys -- import Old --from OUTSIDE/key',
  ),
  {
    ...keyFile('key-name-exists', 'with a new name', ownCertificate),
    command: 'npm run keys -- import Old --from OUTSIDE/key',
    again: 'npm run keys -- import Own --from OUTSIDE/key',
  },
  {
    ...keyFile('jwks-empty', '--key', ''),
    command: 'npm run keys -- jwks Identity',
    breaks: (s) => s.edit(FILES.oldKey, '<isActive>true', '<isActive>false'),
    again: 'npm run keys -- jwks Identity --key New',
  },
];
