import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { rememberCommand, type Change, type OrgConfig, type OrgResult, type Plan } from '../../../lib/model';
import {
  assertAcceptFlag,
  assertScope,
  confirmWrite,
  isConfirmed as isConfirmationGiven,
  notAcceptedDetails,
  skippedResult,
  writeTotals,
  type WriteFlags,
} from '../../../lib/rollout/confirm';
import type { PlannedOrg } from '../../../lib/rollout/plan-fleet';
import { changeFingerprint } from '../../../lib/rollout/recorder';

const change = (path: string, impact: Change['impact']): Change => ({
  component: 'MessagingChannel:Web_Chat',
  path,
  action: 'update',
  from: 'a',
  to: 'b',
  impact,
  effect: '',
});

const plannedOrg = (alias: string, kind: OrgConfig['kind'], ...changes: Change[]): PlannedOrg =>
  ({
    desired: { org: { alias, kind, orgId: '00D000000000001EAA', wave: 1 }, components: new Map() },
    readAt: 0,
    plan: { changes } as unknown as Plan,
    result: { alias, kind, status: 'planned', changes, checks: [], deployIds: [] } as unknown as OrgResult,
  }) as unknown as PlannedOrg;

const HARMLESS = change('label', 'none');
const DISRUPTIVE = change('embeddedConfig.authMode', 'disruptive');

interface Session {
  readonly context: Context<WriteFlags>;
  readonly questions: string[];
}

function session(flags: WriteFlags, answer?: boolean): Session {
  const questions: string[] = [];
  const confirm = (question: string): Promise<boolean> => {
    questions.push(question);
    return Promise.resolve(answer ?? false);
  };
  return {
    questions,
    context: { flags, interactive: answer !== undefined, confirm } as unknown as Context<WriteFlags>,
  };
}

const isConfirmed = (
  context: Context<WriteFlags>,
  orgs: readonly PlannedOrg[],
  request: Parameters<typeof confirmWrite>[1],
): Promise<boolean> => isConfirmationGiven(context, confirmWrite(orgs, request));

const ORGS = [
  { alias: 'dev', kind: 'sandbox' },
  { alias: 'prod', kind: 'production' },
] as const;
const scope = (flags: Partial<Context['flags']>, orgs: readonly Pick<OrgConfig, 'alias' | 'kind'>[] = ORGS) =>
  assertScope({ org: [], project: '/', json: false, ...flags }, orgs, 'deploy');

test('a write to several orgs or to production needs --org, --wave, or --all', () => {
  rememberCommand('deploy', ['--full']);
  assert.throws(() => scope({}), { code: 'invalid-flag', exit: 3, why: /^There are 2 orgs, 1 production, / });
  assert.throws(() => scope({}, [ORGS[1]]), {
    why: /^There is 1 org, 1 production, /,
    fix: /: npm run deploy -- --full --org prod$/,
  });
  assert.throws(() => scope({}, [ORGS[0], { alias: 'uat', kind: 'sandbox' }]), { why: /^There are 2 orgs, and / });
  assert.throws(() => scope({ all: false }), { code: 'invalid-flag' });
  [{ org: ['dev'] }, { wave: 1 }, { all: true }].forEach((flags) => scope(flags));
});

test('a write to the only org needs no flag unless it is production', () => {
  scope({}, [ORGS[0]]);
  scope({}, []);
});

test('the totals of a write count orgs, production orgs, changes, and disruptive changes', () => {
  const results = [
    plannedOrg('dev', 'sandbox', HARMLESS, DISRUPTIVE),
    plannedOrg('uat', 'scratch', HARMLESS),
    plannedOrg('prod', 'production', HARMLESS),
  ].map(({ result }) => result);
  assert.equal(writeTotals(results), '3 orgs, 1 production: 4 changes, 1 disruptive');
  assert.equal(writeTotals(results.slice(1, 2)), '1 org: 1 change, 0 disruptive');
});

test('every write on a terminal is confirmed with its totals', async () => {
  for (const answer of [true, false]) {
    const { context, questions } = session({}, answer);
    const orgs = [plannedOrg('dev', 'sandbox', HARMLESS)];
    assert.equal(await isConfirmed(context, orgs, { command: 'deploy' }), answer);
    assert.deepEqual(questions, ['1 org: 1 change, 0 disruptive. Deploy?']);
  }
});

test('--yes answers the prompt, and --accept disruptive does not', async () => {
  const orgs = [plannedOrg('dev', 'sandbox', DISRUPTIVE)];
  const yes = session({ yes: true }, false);
  assert.deepEqual([await isConfirmed(yes.context, orgs, { command: 'deploy' }), yes.questions], [true, []]);
  const accepted = session({ accept: ['disruptive'] }, false);
  assert.equal(await isConfirmed(accepted.context, orgs, { command: 'rollback' }), false);
  assert.deepEqual(accepted.questions, ['1 org: 1 change, 1 disruptive. Roll back?']);
});

test('without a terminal, disruptive changes need --accept disruptive, and --yes is not enough', async () => {
  const orgs = [plannedOrg('dev', 'sandbox', HARMLESS), plannedOrg('uat', 'sandbox', DISRUPTIVE)];
  const confirmed = (flags: WriteFlags, some = orgs): Promise<boolean> =>
    isConfirmed(session(flags).context, some, { command: 'deploy' });
  assert.equal(await confirmed({}), false);
  assert.equal(await confirmed({ yes: true }), false);
  assert.equal(await confirmed({ accept: ['disruptive'] }), true);
  assert.equal(await confirmed({}, orgs.slice(0, 1)), true);
});

test('no question is asked if there is nothing to write', async () => {
  const { context, questions } = session({}, false);
  assert.deepEqual([await isConfirmed(context, [], { command: 'deploy' }), questions], [true, []]);
});

test('a resumed run without a terminal needs no new acceptance for exactly the changes that were accepted', async () => {
  const previousRun = (...accepted: readonly Change[]) => ({
    folder: '',
    orgs: [{ alias: 'dev', changes: accepted.map(changeFingerprint) }] as never,
  });
  const resume = (...accepted: readonly Change[]): Promise<boolean> =>
    isConfirmed(session({}).context, [plannedOrg('dev', 'sandbox', HARMLESS, DISRUPTIVE)], {
      command: 'deploy',
      previousRun: previousRun(...accepted),
    });
  assert.equal(await resume(DISRUPTIVE), true);
  assert.equal(await resume(HARMLESS), false);
  assert.equal(await resume({ ...DISRUPTIVE, to: 'c' }), false);
  const second = plannedOrg('dev', 'sandbox', DISRUPTIVE, change('second', 'disruptive'));
  const partly = { command: 'deploy', previousRun: previousRun(DISRUPTIVE) } as const;
  assert.equal(await isConfirmed(session({}).context, [second], partly), false);
  const other = [plannedOrg('uat', 'sandbox', DISRUPTIVE)];
  assert.equal(
    await isConfirmed(session({}).context, other, { command: 'deploy', previousRun: previousRun(DISRUPTIVE) }),
    false,
  );
});

test('an org that is not written to says why it was skipped', () => {
  const skip = (interactive: boolean, ...changes: Change[]): OrgResult => {
    const planned = plannedOrg('dev', 'sandbox', ...changes);
    return skippedResult(
      planned,
      notAcceptedDetails({ interactive }, confirmWrite([planned], { command: 'rollback' })),
    );
  };
  assert.deepEqual(skip(true, HARMLESS).error, {
    code: 'not-accepted',
    what: 'Nothing was changed.',
    why: "You didn't confirm the changes.",
    fix: 'To make the changes, rerun the command and answer y.',
  });
  assert.match(skip(false, DISRUPTIVE).error?.fix ?? '', /^Review the plan, then run: .*--accept disruptive$/);
  assert.match(skip(false, DISRUPTIVE).error?.why ?? '', /isn't interactive/);
  assert.match(skip(false, HARMLESS).error?.why ?? '', /^Another org of this run has disruptive changes/);
  assert.deepEqual([skip(false, HARMLESS).status, skip(false, HARMLESS).changes], ['skipped', [HARMLESS]]);
});

test('an org without changes keeps its result when the write is not confirmed', () => {
  const planned = plannedOrg('dev', 'sandbox');
  assert.equal(
    skippedResult(planned, notAcceptedDetails({ interactive: true }, confirmWrite([], { command: 'deploy' }))),
    planned.result,
  );
});

test('a change that needs no consent is accepted without a terminal, even if it is disruptive', async () => {
  const request = { command: 'keys rotate retire', needsConsent: () => false } as const;
  assert.equal(await isConfirmed(session({}).context, [plannedOrg('dev', 'sandbox', DISRUPTIVE)], request), true);
});

test('--accept takes the values of the command only', () => {
  assertAcceptFlag();
  assertAcceptFlag(['disruptive', 'disruptive']);
  assert.throws(() => assertAcceptFlag(['disruptive', 'all']), { code: 'invalid-flag', exit: 3 });
  assert.throws(() => assertAcceptFlag(['disruptive'], { values: ['new-org-id'], why: '' }), {
    fix: 'Use --accept new-org-id.',
  });
});
