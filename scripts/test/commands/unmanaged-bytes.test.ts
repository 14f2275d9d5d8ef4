import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadSeed } from '../../local-org/orgs';
import { queueXml, routingXml } from '../local-org/samples';
import { startFleet } from './fleet';
import { liveChannel, liveXml, SOURCE, type LiveChannel } from './live-channels';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();

const ROUTING = [
  { path: 'queueRoutingConfigs/Chat.queueRoutingConfig', content: routingXml },
  { path: 'queues/Chat.queue', content: queueXml },
];
const SIZE = 30;
const pathOf = (index: number): string => `messagingChannels/Live_${index}.messagingChannel`;

/** One deploy contains 30 generated channels, so 2 runs of the property are enough. */
test('keeps every byte of undeclared settings in any channel', async () => {
  let run = 0;
  const lives = fc.array(liveChannel, { minLength: SIZE, maxLength: SIZE });
  await fc.assert(
    fc.asyncProperty(lives, (channels) => assertUnchanged(channels, `generated${++run}`)),
    { numRuns: 2, endOnFailure: true },
  );
});

async function assertUnchanged(channels: readonly LiveChannel[], alias: string): Promise<void> {
  const seed = channels.map((live, index) => ({
    path: pathOf(index),
    content: liveXml(live, live.minutes),
    active: true,
  }));
  const config = { channels: channels.map((_, index) => `Live_${index}`), existing: ['Queue:Chat'] };
  const fleet = await startFleet(workspace, { [alias]: { seed: [...seed, ...ROUTING], config } });
  for (const index of channels.keys()) {
    writeFileSync(join(fleet.project, `force-app/main/default/${pathOf(index)}-meta.xml`), SOURCE);
  }
  assert.equal((await fleet.deploy()).exit, 0);
  const files = fleet.org(alias).files();
  channels.forEach((live, index) => assert.equal(files.get(pathOf(index)), liveXml(live, 60)));
  assert.equal(files.size, channels.length + ROUTING.length);
}

test('keeps every byte of unmanaged components and of components in sync, including comments and layout', async () => {
  const odd = SOURCE.replaceAll('\n', '\r\n').replace('<authMode>', '<!-- by hand -->\t<authMode>');
  const seed = [
    { path: pathOf(0), content: odd, active: true },
    { path: pathOf(1), content: odd.replace('>60<', '>99<'), active: true },
    ...loadSeed('production'),
    ...ROUTING,
  ];
  const fleet = await startFleet(workspace, {
    odd: { seed, config: { channels: ['Live_0', 'Guest_Web_Chat'], existing: ['Queue:Chat'] } },
  });
  writeFileSync(join(fleet.project, `force-app/main/default/${pathOf(0)}-meta.xml`), SOURCE);
  const { exit, org } = await fleet.deploy();
  assert.equal(exit, 0);
  assert.ok(org('odd').changes.every(({ component }) => component !== 'MessagingChannel:Live_0'));
  const files = fleet.org('odd').files();
  for (const { path, content } of seed) assert.equal(files.get(path), content, path);
});
