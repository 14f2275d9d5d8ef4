import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../commands/fleet';

for (const name of ['demo-shop.png', 'html-report.png'])
  test(`${name} is 1280 pixels wide and smaller than 200 KB`, () => {
    const image = readFileSync(join(ROOT, 'scripts/guides/images', name));
    // The width is in bytes 16 to 19 of the header chunk (PNG specification, 11.2.1).
    assert.deepEqual([image.toString('latin1', 12, 16), image.readUInt32BE(16)], ['IHDR', 1280]);
    assert.ok(image.length < 200_000, `${image.length} bytes`);
  });
