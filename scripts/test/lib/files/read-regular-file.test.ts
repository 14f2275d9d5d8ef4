import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { asToolError } from '../../../lib/errors';
import { readText } from '../../../lib/keys/source-files';
import { readPlanFile } from '../../../lib/plan';
import { readProjectFile } from '../../../lib/project/project-file';
import { readRotations } from '../../../lib/rotation';

/** The readers of files that a user or a pull request can replace by a link to a device. /dev/zero would be read forever. */
const READERS: readonly (readonly [file: string, read: (project: string) => unknown])[] = [
  ['plan.json', (project) => readPlanFile(join(project, 'plan.json'), 'plan')],
  ['sfdx-project.json', readProjectFile],
  ['config/rotations/Identity.json', readRotations],
  ['force-app/Key.xml', (project) => readText(project, 'force-app/Key.xml')],
];

for (const [file, read] of READERS)
  test(`a link to a device in place of ${file} is an error`, { skip: process.platform === 'win32' }, (context) => {
    const project = mkdtempSync(join(tmpdir(), 'devices-'));
    context.after(() => rmSync(project, { recursive: true }));
    mkdirSync(dirname(join(project, file)), { recursive: true });
    symlinkSync(devNull, join(project, file));
    assert.throws(
      () => read(project),
      (thrown) => /^It isn't a file\.$|^It is a folder, a pipe, or a device/.test(asToolError(thrown).why),
    );
  });
