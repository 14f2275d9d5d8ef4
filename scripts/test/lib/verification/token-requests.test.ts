import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { TokenBudget } from '../../../lib/chat-api';
import { mapOf, type Component } from '../../../lib/model';
import { verifyOrg } from '../../../lib/verification/verify-org';
import { chatDeployment, orgComponents } from '../explain/test-org';
import { emulatedOrg, otherKey, verifiedChannel } from './emulated-org';
import { verifyOptions } from './fake-org';

/** Counts the token requests of a verification. */
class CountingBudget extends TokenBudget {
  count = 0;

  constructor() {
    super({ requests: 1000, milliseconds: 1 }, () => undefined);
  }

  override run<T>(send: () => Promise<T>): Promise<T> {
    this.count++;
    return super.run(send);
  }
}

/** The token requests for channels with the same keyset, each with chat deployments of these types. The org has another key too. */
async function countRequests(t: TestContext, channels: number, types: readonly string[]): Promise<number> {
  const names = Array.from({ length: channels }, (_, index) => `Chat_${index + 1}`);
  const added = names.flatMap((name): readonly Component[] => [
    verifiedChannel(name),
    ...types.map((deploymentType) => chatDeployment(`${name}_${deploymentType}`, name, { deploymentType })),
  ]);
  const all = await orgComponents(...added, await otherKey('Foreign'));
  const components = mapOf([...all.values()].filter(({ fullName }) => fullName !== 'Web_Chat'));
  const budget = new CountingBudget();
  const { checks } = await verifyOrg(await emulatedOrg(t, [...components.values()]), await verifyOptions({ budget }));
  const accepted = checks.filter(({ name, ok }) => name === 'accepted' && ok);
  assert.equal(accepted.length, channels * types.length, JSON.stringify(checks.find(({ ok }) => !ok)));
  return budget.count;
}

/** Rows of a table in a guide, each with its cells. */
const rowsAfter = (text: string, heading: string): readonly (readonly string[])[] =>
  text
    .slice(text.indexOf(heading))
    .split('\n\n')[0]
    ?.split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ) ?? [];

/** How long requests wait for a budget of 60 a minute: all 60 of a minute can be sent at its start. */
function waitOf(requests: number): string {
  const minutes = Math.floor((requests - 1) / 60);
  return minutes === 0 ? 'seconds' : minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

test('the guide says how many token requests a verification sends, and how long they wait', async (t) => {
  const guide = readFileSync(join(__dirname, '../../../guides/verify.md'), 'utf8');
  const rows = rowsAfter(guide, '| Verified channels with the same keyset');
  assert.ok(rows.length >= 4);
  const perType = await Promise.all(
    [['API'], ['API', 'Mobile']].map(async (types) => {
      const [one, two] = [await countRequests(t, 1, types), await countRequests(t, 2, types)];
      return (channels: number) => one + (channels - 1) * (two - one);
    }),
  );
  assert.deepEqual(
    rows,
    rows.map(([channels = '']) => [
      channels,
      ...perType.flatMap((count) => [String(count(Number(channels))), waitOf(count(Number(channels)))]),
    ]),
  );
});
