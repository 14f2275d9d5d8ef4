import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { announcement } from '../../demo-site/index';
import { PROJECT } from '../gates/list-files';
import type { ChannelConnection } from '../../lib/client-kit/channel-connection';

const connection: ChannelConnection = {
  org: 'shop',
  orgId: '00DmHvh0OBfHYM7',
  channel: 'Web_Chat',
  verified: true,
  deployments: [{ name: 'Web_Chat_Site', type: 'Web', site: 'http://127.0.0.1:8781/ESWWebChatSite1' }],
  runtime: 'http://127.0.0.1:8781',
  allowed: [],
};
const deployments = [{ name: 'Guest_Web_Chat_Site', type: 'Web', site: 'http://127.0.0.1:8781/ESWGuestWebChatSite1' }];
const unverifiedConnection = { ...connection, channel: 'Guest_Web_Chat', verified: false, deployments };

const printed = (hasPage: boolean, unverified?: ChannelConnection): readonly (string | undefined)[] => {
  const demo = { url: 'http://localhost:8780', connection, unverifiedConnection: unverified };
  return [...announcement(demo, hasPage).matchAll(/init\('00DmHvh0OBfHYM7', '(\w+)'/g)].map(([, name]) => name);
};

test('prints the snippets of both chat deployments for a page of the user', () => {
  assert.deepEqual(printed(true, unverifiedConnection), ['Web_Chat_Site', 'Guest_Web_Chat_Site']);
});

test('names the scripts and the guide section for an app with a development server', () => {
  const text = announcement({ url: 'http://localhost:8780', connection, unverifiedConnection }, true);
  const [, file = '', section = ''] = /only the last two scripts: (\S+), "(.+)"/.exec(text) ?? [];
  assert.match(readFileSync(join(PROJECT, file), 'utf8'), new RegExp(`^## ${section}$`, 'm'));
});

test('prints one snippet without a page, or in a project without a channel for unverified users', () => {
  assert.deepEqual(printed(false, unverifiedConnection), ['Web_Chat_Site']);
  assert.deepEqual(printed(true), ['Web_Chat_Site']);
});
