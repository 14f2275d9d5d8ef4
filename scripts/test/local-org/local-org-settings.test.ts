import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsText, type LocalOrgFlags } from '../../start/serve-local-orgs';

const STATE = { state: '.local-org' };

test('names each setting of a local org that differs from its default, as the flag that sets it', () => {
  const flags: Required<LocalOrgFlags> = {
    ...STATE,
    fault: 'deploy.submit:no-response@1',
    latency: 'deploy=8s',
    chatApi: 'badToken=unverified',
    webDeployments: 'metadataUpdate=immutable',
    omittedItems: 'kept',
    agentRouting: 'bound',
    sourceTracking: true,
    evidence: 'uat.json',
    traffic: 'verified=40/m',
  };
  assert.equal(
    settingsText(flags),
    'Settings that differ from the defaults: --fault deploy.submit:no-response@1, --latency deploy=8s, --chat-api badToken=unverified, --web-deployments metadataUpdate=immutable, --omitted-items kept, --agent-routing bound, --evidence uat.json, --traffic verified=40/m, --source-tracking',
  );
  assert.equal(
    settingsText({ ...STATE, latency: 'deploy=8s' }),
    'Settings that differ from the defaults: --latency deploy=8s',
  );
  assert.equal(settingsText({ ...STATE, sourceTracking: false }), '');
});
