import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Flaw } from '../../local-org/runtime-settings';
import type { Member } from '../commands/fleet';
import type { Ran } from '../commands/ran';
import { workplace } from '../commands/workplace';
import { startStand, type Stand } from './stand';

const place = workplace();

/** What an org wrongly accepts, and the refusals that have to notice it. */
const LAX: Partial<Record<Flaw, readonly string[]>> = {
  kid: ['unknown kid'],
  signature: ['right kid, other key'],
  issuer: ['issuer with a slash'],
  expiry: ['expired'],
  hs256: ['HS256'],
  'alg-none': ['alg none'],
  'no-token': ['guest', 'no token'],
};

const aliasOf = (flaw: string): string => `lax-${flaw}`;

let stand: Stand;
let ran: Ran;
before(async () => {
  const lax = Object.keys(LAX).map((flaw): [string, Member] => [
    aliasOf(flaw),
    { runtime: { accept: [flaw as Flaw] } },
  ]);
  stand = await startStand(place, { ...Object.fromEntries(lax), silent: { runtime: { badToken: 'guest' } } });
  ran = await stand.fleet.run('verify', { privateKey: stand.keyFile });
});

const failedOn = (alias: string, channel: string): readonly string[] =>
  ran
    .org(alias)
    .checks.filter((check) => check.channel === channel && check.state === 'failed')
    .map(({ name }) => name)
    .sort();

describe('a lax org is found out', () => {
  for (const [flaw, names] of Object.entries(LAX)) {
    test(`one that accepts ${flaw} fails at ${names.join(' and ')}, and at nothing else`, () => {
      assert.deepEqual(
        [failedOn(aliasOf(flaw), 'Web_Chat'), failedOn(aliasOf(flaw), 'Mobile_Chat')],
        [names, names],
        ran.shown,
      );
      const { outcome, checks } = ran.org(aliasOf(flaw));
      assert.equal(outcome, 'failed');
      assert.ok(checks.filter(({ state }) => state === 'failed').every(({ detail }) => /^ACCEPTED/.test(detail)));
      const { log } = stand.fleet.org(aliasOf(flaw));
      const granted = log.filter(({ kind, detail }) => kind === 'exchange' && detail['granted'] === true).length;
      assert.equal(
        log.filter(({ kind }) => kind === 'revoke').length,
        granted,
        'what was handed out by mistake is revoked',
      );
      assert.ok(granted > 2);
    });
  }

  test('one that gives a guest to every bad token is told as "not verified", and guests without a token as a failure', () => {
    assert.deepEqual(failedOn('silent', 'Web_Chat'), ['no token']);
    const forged = ran.org('silent').checks.filter(({ part, name }) => part === 'refusal' && name === 'HS256');
    assert.ok(
      forged.every(({ ok, detail }) => ok && /^Not verified: the runtime gave a guest's token instead/.test(detail)),
    );
  });

  test('the command fails as a whole', () => assert.equal(ran.exit, 1));
});
