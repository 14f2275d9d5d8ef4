import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { crossCheck } from './cross-check';
import { show } from './problem';
import { PROJECT } from './walk';

test('components, Apex, labels, permission sets and custom metadata of force-app name only what exists', async () => {
  assert.equal(show(await crossCheck(join(PROJECT, 'force-app'))), '');
});
