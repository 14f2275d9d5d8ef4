import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runScript } from './run-script';

const CHECK = 'scripts/check.ts';

test('a flag that npm kept for itself is refused, for without it the command would be about every org', async () => {
  const { exit, out, err } = await runScript(CHECK, [], { npm_config_org: 'dev' });
  assert.deepEqual([exit, out], [3, '']);
  assert.match(err, /npm kept --org for itself/);
});

test('a flag that reached the command counts, whatever npm knows of it', async () => {
  const { exit, out } = await runScript(CHECK, ['--org', 'dev'], { npm_config_org: 'dev' });
  assert.equal(exit, 0);
  assert.match(out, /1 org checked: dev\./);
});
