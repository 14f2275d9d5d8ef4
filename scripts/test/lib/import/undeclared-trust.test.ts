import assert from 'node:assert/strict';
import { test } from 'node:test';
import { undeclaredTrustFindings } from '../../../lib/import/import-findings';
import { FakeSf } from '../fake-sf';
import { desiredState, planAll } from '../rollout/fleet-fixture';
import { edit, KEYS, TRUSTED_FILES, TRUST_TAMPERINGS, UNMANAGED_FILES, WEB } from '../rollout/trust-cases';
import { componentsIn } from '../rollout/trust-components';

/** What an import reports about an org whose trust source declares, after a change in the org. */
async function findingsAfter(apply: (typeof TRUST_TAMPERINGS)[number]['apply']) {
  const sf = new FakeSf({ dev: { files: { ...TRUSTED_FILES, ...UNMANAGED_FILES }, active: ['Web', 'Mobile', 'App'] } });
  const desired = desiredState(sf, 'dev', [...componentsIn(Object.entries(TRUSTED_FILES)).values()]);
  apply(sf.org('dev'));
  const [planned] = await planAll(sf, desired);
  return undeclaredTrustFindings(planned?.plan ?? assert.fail('no plan'));
}

test('an import reports each way to be trusted that source does not declare, and offers to declare or accept it', async () => {
  for (const { name, apply, consequence } of TRUST_TAMPERINGS) {
    if (!consequence) continue;
    const [found] = await findingsAfter(apply);
    assert.match(found?.message ?? '', /^In the org dev: .*so the next deploy revokes it\.$/, name);
    assert.match(found?.fix ?? '', /^Declare it in source\./, name);
  }
});

test('an import proposes to accept an added key, and a channel with an added configuration', async () => {
  const [key] = await findingsAfter((org) => TRUST_TAMPERINGS[0]?.apply(org));
  assert.match(key?.fix ?? '', /"alsoTrusted": \[\{ "component": "PublicKeyCertificate:Rogue", "reason": "" \}\]\.$/);
  const [channel] = await findingsAfter((org) => edit(org, WEB, ['>Keys<', '>Partner_Keys<']));
  assert.match(channel?.fix ?? '', /\{ "component": "MessagingChannel:Web", "reason": "" \}/);
});

test('an import of an org without undeclared trust reports none', async () => {
  assert.deepEqual(await findingsAfter((org) => edit(org, KEYS, ['<masterLabel>Keys<', '<masterLabel>Keys<'])), []);
});
