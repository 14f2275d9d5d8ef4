import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runClientKit } from '../../lib/client-kit';
import type { ClientKitFlags } from '../../lib/client-kit/flags';
import type { CommonFlags } from '../../lib/cli';
import { asToolError } from '../../lib/errors';
import { capturedContext, type CapturedOutput } from '../lib/captured-context';
import { ROOT, startFleet, type Fleet } from './fleet';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();

interface KitDocument {
  readonly exitCode: number;
  readonly orgs: readonly {
    readonly alias: string;
    readonly channels: readonly {
      readonly channel: string;
      readonly runtime?: string;
      readonly deployments: readonly { readonly name: string; readonly type: string }[];
      readonly kits: readonly { readonly files: readonly { readonly path: string; readonly text: string }[] }[];
    }[];
  }[];
}

async function runInTest(
  { project }: Fleet,
  flags: Partial<ClientKitFlags> & { readonly org?: readonly string[] } = {},
) {
  const output: CapturedOutput = { shown: [], documents: [], progress: [], questions: [] };
  const all = { org: [], json: true, client: [], channel: [], page: [], ...flags, project };
  const context = capturedContext<CommonFlags & ClientKitFlags>(all, output);
  const exit = await runClientKit(context, workspace.workers);
  const document = JSON.parse(output.documents[0] ?? '{}') as KitDocument;
  assert.equal(document.exitCode, exit);
  return { exit, document, shown: output.shown, progress: output.progress.join('\n') };
}

/** A chat deployment of type Web that is in the org and not in source. */
const web = readFileSync(
  join(__dirname, '../../../force-app/main/default/EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig-meta.xml'),
  'utf8',
)
  .replace('>API<', '>Web<')
  .replace('<masterLabel>Web Chat<', '<masterLabel>Site<');

test('creates kits with the SCRT2 URL, the chat deployments of the org, and the files for each client', async () => {
  const seed = [{ path: 'EmbeddedServiceConfig/Site.EmbeddedServiceConfig', content: web }];
  const fleet = await startFleet(workspace, { one: { seed } });
  const { exit, document, progress } = await runInTest(fleet, { channel: ['Web_Chat'] });
  assert.equal(exit, 0, progress);
  const [channel] = document.orgs[0]?.channels ?? [];
  assert.equal(channel?.runtime, fleet.org('one').url);
  const found = channel?.deployments.find(({ name }) => name === 'Site');
  assert.deepEqual(found, { name: 'Site', type: 'Web' });
  const files = channel?.kits.flatMap(({ files }) => files) ?? [];
  assert.match(files.find(({ path }) => path === 'web/snippet.html')?.text ?? '', /'Site'/);
  assert.ok(files.find(({ path }) => path === 'ios/configFile.json')?.text.includes(fleet.org('one').url));
});

test('prints a complete snippet for the Web chat deployment that a deploy created', async () => {
  const fleet = await startFleet(workspace, { website: { config: { channels: ['Web_Chat', 'Mobile_Chat'] } } });
  const name = 'force-app/main/default/EmbeddedServiceConfig/Web_Chat_Site.EmbeddedServiceConfig-meta.xml';
  cpSync(join(ROOT, name), join(fleet.project, name));
  const deployed = await fleet.deployAccepted();
  assert.equal(deployed.exit, 0, deployed.shown);
  const { url, orgId } = fleet.org('website');
  const { document, progress } = await runInTest(fleet, { client: ['web'] });
  assert.deepEqual(
    document.orgs[0]?.channels.map(({ channel }) => channel),
    ['Web_Chat'],
  );
  assert.match(progress, /^Mobile_Chat of website is omitted: it has no chat deployment for web\./m);
  const named = await runInTest(fleet, { client: ['web'], channel: ['Mobile_Chat'] });
  assert.equal(named.document.orgs[0]?.channels.length, 1);
  const [kit] = document.orgs[0]?.channels[0]?.kits ?? [];
  const [snippet] = kit?.files ?? [];
  const [, site = ''] = /<script src="([^"]+)\/assets\/js\/bootstrap\.min\.js"/.exec(snippet?.text ?? '') ?? [];
  assert.match(site, new RegExp(`^${url}/ESWWebChatSite\\d{13}$`));
  const init = `init('${orgId.slice(0, 15)}', 'Web_Chat_Site', '${site}', {\n      scrt2URL: '${url}',`;
  assert.ok(snippet?.text.includes(init), snippet?.text);
  assert.doesNotMatch(JSON.stringify(kit), /REPLACE_WITH/);
  assert.equal((await fetch(`${site}/assets/js/bootstrap.min.js`)).status, 200);
});

test('writes one folder per channel and prints the file names with --out', async () => {
  const fleet = await startFleet(workspace, { two: {} });
  const out = join(workspace.folder, 'kits');
  const { shown } = await runInTest(fleet, { client: ['android'], channel: ['Mobile_Chat'], out });
  const names = ['README.txt', 'android/configFile.json', 'android/CustomerIdentity.kt'];
  assert.deepEqual(
    shown,
    names.map((name) => join(out, 'two/Mobile_Chat', name)),
  );
  shown.forEach((file) => assert.ok(existsSync(file)));
});

test('rejects an unknown channel and reports an org without a login', async () => {
  const fleet = await startFleet(workspace, { three: {} });
  const error = await runInTest(fleet, { channel: ['Web_Chatt'] }).catch(asToolError);
  assert.ok('code' in error && error.code === 'unknown-component');
  fleet.configure('stranger', { orgId: '00D000000000001EAA', kind: 'sandbox', channels: ['Web_Chat'] });
  const { exit, progress } = await runInTest(fleet, { org: ['stranger'] });
  assert.equal(exit, 0);
  assert.match(progress, /stranger was not read\. The sf CLI has no login with the alias "stranger"/);
});
