import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFleet } from './fleet';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();

/**
 * Result of a deploy when the org expires every session at a step. The CLI reports an expired session during a
 * retrieve with its own error.
 */
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
  test(`fails after a limited number of requests when every session expires at ${step}`, async () => {
    const alias = step.replace('.', '-');
    const config = { channels: ['Guest_Web_Chat'] };
    const fleet = await startFleet(workspace, { [alias]: { config, faults: `${step}:session-expired@1-` } });
    const ran = await fleet.deploy({ submitTimeout: '1s' });
    const { status, error } = ran.org(alias);
    assert.deepEqual([status, error?.code], ending);
    const faultCount = fleet.org(alias).log.filter(({ kind }) => kind === 'fault').length;
    assert.ok(faultCount > 0 && faultCount <= 30, `${faultCount} sessions were ended`);
  });
