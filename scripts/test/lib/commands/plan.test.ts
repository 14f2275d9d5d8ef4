import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployCommand } from '../../../lib/commands/plan';

test('the command that deploys a plan selects the orgs of the plan', () => {
  assert.equal(deployCommand({ org: [] }, []), 'npm run deploy -- --all');
  assert.equal(deployCommand({ org: ['dev', 'uat'] }, []), 'npm run deploy -- --org dev --org uat');
  assert.equal(deployCommand({ org: [], wave: 2 }, []), 'npm run deploy -- --wave 2');
  assert.equal(deployCommand({ org: ['dev'], wave: 1 }, []), 'npm run deploy -- --org dev --wave 1');
});

test('the command that deploys a plan accepts its disruptive changes', () => {
  const change = {
    component: 'Queue:Chat',
    action: 'update',
    path: 'name',
    from: 'a',
    to: 'b',
    impact: 'disruptive',
    effect: '',
  } as const;
  assert.equal(deployCommand({ org: [] }, [{ changes: [change] }]), 'npm run deploy -- --all --accept disruptive');
  assert.equal(
    deployCommand({ org: [] }, [{ changes: [{ ...change, impact: 'visible' }] }]),
    'npm run deploy -- --all',
  );
});
