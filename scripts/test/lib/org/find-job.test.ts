import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findDeployJob } from '../../../lib/org/find-job';
import type { Sf } from '../../../lib/sf';

/** An org that knows no deployment. */
const empty = { query: () => Promise.resolve([]) } as unknown as Sf;

test('a submission from a machine whose clock is ahead is not waited for until that time has come', async () => {
  for (const knownJobIds of [null, []]) {
    const sent = { components: ['Queue:A'], knownJobIds, at: new Date('9999-01-01T00:00:00Z') };
    assert.equal(await findDeployJob(empty, 'dev', sent, 0), undefined);
  }
});
