import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withCliWorkers } from '../../../lib/rollout/cli-workers';
import { capturedContext } from '../captured-context';

test('handles stop signals before it creates a file or a process', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'workers-'));
  const { TMPDIR } = process.env;
  context.after(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    rmSync(folder, { recursive: true });
  });
  // A pool that can't create its folder ends the command at the moment at which it would create it.
  process.env['TMPDIR'] = join(folder, 'missing');
  let handlesSignals = false;
  const output = { shown: [], documents: [], progress: [], questions: [] };
  const command = {
    ...capturedContext({ org: ['dev'], project: folder, json: false }, output),
    untilStopped: () => {
      handlesSignals = true;
      return new Promise<void>(() => undefined);
    },
  };
  await assert.rejects(
    withCliWorkers(command, () => assert.fail('a worker')),
    { code: 'file-system' },
  );
  assert.ok(handlesSignals);
});
