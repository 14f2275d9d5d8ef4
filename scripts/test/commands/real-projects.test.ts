import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCycle } from './project-cycle';
import { projectShapes } from './project-shapes';
import { shareWorkspace } from './workspace';

/** A part of the projects of `npm run projects`. */
const NAMES = [
  'API 62.0',
  'no sourceApiVersion',
  'three package directories',
  'an agent that the deploy drops',
  'SMS channels, case queues, and an invalid permission set',
  'a replacement by a variable',
  'an ignored chat deployment with errors',
  'custom components and pre-chat forms',
];

const workspace = shareWorkspace();

for (const [index, name] of NAMES.entries())
  test(`deploys and imports a project with ${name}`, async () => {
    const shape = (await projectShapes()).find((each) => each.name === name);
    assert.ok(shape, name);
    assert.deepEqual((await runCycle(workspace, shape, `real${index + 1}`)).problems, []);
  });
