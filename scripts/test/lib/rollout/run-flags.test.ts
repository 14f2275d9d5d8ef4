import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploy } from '../../../deploy';
import { parseFlags } from '../../../lib/cli/main';
import { parseCommandText } from '../../../lib/model';
import { deployResumeCommand, journaledFlags, withRunFlags } from '../../../lib/rollout/run-flags';

const flagsOf = (...argv: readonly string[]) => parseFlags(deploy, argv) ?? assert.fail('no help');

const PROTECTED = [
  ...['--all', '--verify', '--rollback-on-failure', '--concurrency', '3', '--max-failures', '2', '--wave-delay', '5m'],
  ...['--lock-timeout', '1m', '--submit-timeout', '2m', '--publish-timeout', '3m', '--subject', 'C-1'],
  ...['--require', 'acceptance', '--tolerate', 'not yet valid', '--token-budget', '30/1m', '--allow-loopback'],
];
const INHERITED = {
  ...{ verify: true, rollbackOnFailure: true, concurrency: 3, maxFailures: 2, waveDelay: '5m' },
  ...{ lockTimeout: '1m', submitTimeout: '2m', publishTimeout: '3m', subject: 'C-1' },
  ...{ require: ['acceptance'], tolerate: ['not yet valid'], tokenBudget: '30/1m', allowLoopback: true },
};

test('a resumed deploy inherits the flags of its run, and only those', () => {
  const journaled = journaledFlags(
    flagsOf(...PROTECTED, '--token-command', 'issue', '--yes', '--accept', 'disruptive'),
  );
  assert.deepEqual(journaled, INHERITED);
  const resumed = withRunFlags(flagsOf('--resume', '1'), journaled);
  assert.deepEqual({ ...resumed, ...INHERITED }, resumed);
  assert.deepEqual(journaledFlags(resumed), INHERITED);
});

test('a flag of the resumed deploy replaces the one of the run, also if it is the default', () => {
  const given = flagsOf('--resume', '1', '--no-verify', '--lock-timeout', '10m', '--max-failures', '9');
  const { verify, lockTimeout, maxFailures, waveDelay } = withRunFlags(given, INHERITED);
  assert.deepEqual([verify, lockTimeout, maxFailures, waveDelay], [false, '10m', 9, '5m']);
});

test('an attempt with --no-verify leaves the run a run that verifies', () => {
  const given = withRunFlags(flagsOf('--resume', '1', '--no-verify'), INHERITED);
  assert.equal(journaledFlags(given, INHERITED).verify, true);
  const resumeCommand = 'npm run deploy -- --resume --verify --token-command issue';
  assert.equal(deployResumeCommand(given, { resumeCommand }), resumeCommand);
});

/** Token commands of programs, paths, flags, and variables only. */
const STORED = [
  ...['issue', './issue-test-token', '/usr/local/bin/issue --verbose', 'node ../sign-token.mjs', 'sh get-token.sh -v'],
  ...['issue --client-secret "$CLIENT_SECRET"', 'issue ${SECRET} %SECRET%', '"C:\\tools\\issue.exe" --key=./dev.pem'],
];

test('the command that resumes a deploy parses to the flags that it needs and that are not inherited', () => {
  const argv = ['--plan', 'a b.json', '--verify', '--token-command', `'./issue' "$c"`];
  const [, ...words] = parseCommandText(deployResumeCommand(flagsOf('--all', ...argv))) ?? [];
  assert.deepEqual(words, ['--resume', ...argv]);
  assert.equal(deployResumeCommand(flagsOf('--all')), 'npm run deploy -- --resume');
  for (const tokenCommand of STORED)
    assert.deepEqual(parseCommandText(deployResumeCommand({ verify: true, tokenCommand }))?.at(-1), tokenCommand);
  assert.match(
    deployResumeCommand(flagsOf('--all', '--verify', '--private-key', 'a.pem', '--private-key', 'b.pem')),
    / --resume --verify --private-key a\.pem --private-key b\.pem$/,
  );
});

test('the command that resumes a deploy contains no secret of a token command, and stays in one line', () => {
  const withCredentials = [
    'issue --client-secret hunter2',
    'issue -u admin:hunter2',
    'issue "--password" hunter2',
    'curl -d client_secret=hunter2 https://id.example.com/token',
    "curl -H 'Authorization: Basic hunter2' https://id.example.com",
    'curl https://admin:hunter2@id.example.com',
    'issue 8f14e45fceea167a5a36',
    'sh get-token.sh hunter2',
    'sh get-token.sh secret',
    'curl -u user:pw',
    'issue -phunter2',
    'issue --pin=1234',
    'issue wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'issue /hunter2',
    'curl https://example.com/services/T000/B000',
  ];
  for (const tokenCommand of ['issue force://a:b:c@example.com', 'issue\nmore', ...withCredentials])
    assert.match(deployResumeCommand({ verify: true, tokenCommand }), / --resume --verify --token-command COMMAND$/);
});
