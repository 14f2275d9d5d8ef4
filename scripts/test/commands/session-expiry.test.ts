import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFleet } from './fleet';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();

/** How a deploy ends when the org ends every session at a step. The CLI words what ends a retrieve in its own way. */
const EXPECTED_RESULTS = {
  query: ['unreachable', 'login-refused'],
  'retrieve.submit': ['unreachable', 'login-refused'],
  'retrieve.status': ['failed', 'retrieve-failed'],
  'deploy.submit': ['unreachable', 'login-refused'],
  'deploy.status': ['unknown', 'deploy-unknown'],
  update: ['unknown', 'login-refused'],
  publish: ['unknown', 'login-refused'],
} as const;

for (const [step, ending] of Object.entries(EXPECTED_RESULTS))
  test(`an org that ends each session at ${step} is given up, and what it was asked is bounded`, async () => {
    const alias = step.replace('.', '-');
    const config = { channels: ['Guest_Web_Chat'] };
    const fleet = await startFleet(workspace, { [alias]: { config, faults: `${step}:session-expired@1-` } });
    const ran = await fleet.deploy({ submitTimeout: '1s' });
    const { status, error } = ran.org(alias);
    assert.deepEqual([status, error?.code], ending);
    const struck = fleet.org(alias).log.filter(({ kind }) => kind === 'fault').length;
    assert.ok(struck > 0 && struck <= 30, `${struck} sessions were ended`);
  });
