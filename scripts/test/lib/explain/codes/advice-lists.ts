/** Fixes that another test follows: its file below scripts/test, and its title. */
export const FOLLOWED_BY: Readonly<Record<string, readonly [file: string, title: string]>> = {
  'error too-early': [
    'lib/commands/recommended-commands.test.ts',
    'each step of a rotation prints the command of the next one, also after a failure',
  ],
  'error interrupted': [
    'lib/commands/recommended-commands.test.ts',
    'runs lists the command that resumes an incomplete run, wherever its folder is now',
  ],
  'error internal': ['lib/cli/main.test.ts', 'an unexpected error prints a stack trace only with --debug'],
  'error cli-crashed': [
    'lib/sf/worker-pool.test.ts',
    'rejects each running command of a killed worker and runs the next one in a new worker',
  ],
  'error canary-inconclusive': [
    'lib/rollout/canary.test.ts',
    'watches for the rest of the time, without another deploy, then starts the next wave',
  ],
  'finding no-orgs': [
    'lib/commands/recommended-commands.test.ts',
    'a project without org files is told to run setup, which needs none',
  ],
  'finding key-unused': [
    'lib/commands/recommended-commands.test.ts',
    'an unused key is staged by the command of its fix, or deleted as the fix says',
  ],
  'finding production-trust': [
    'commands/post-refresh.test.ts',
    'is reported by plan and repaired by post-refresh when its org ID is the one in the org file',
  ],
};

const NPM_CI = 'npm ci downloads packages from a registry.';
const BROWSER = 'A person logs in with a browser.';
const SETUP = 'A person changes a page in Salesforce Setup.';
const NETWORK = 'A person repairs the network, the proxy, or the server of an identity provider.';
const CHOICE = 'A person finds the cause first: the checks of the error say what failed, each with its own fix.';
const NO_ACTION = 'The fix says that no action is required.';
const OPENSSL = 'The command is of openssl or PowerShell, which are not part of this project.';
const COPY = 'The content is only in a copy of the user, such as a Git history.';
const TIMING = 'The fix is to choose a time or to wait.';

/** Fixes that nothing can follow here, with the reason. */
export const OUTSIDE: Readonly<Record<string, string>> = {
  'error cli-missing': NPM_CI,
  'error cli-bad-output': NPM_CI,
  'error bad-login': BROWSER,
  'error login-missing': BROWSER,
  'error login-refused': BROWSER,
  'error alias-taken': 'The login of the alias is one of an org that is not local.',
  'error port-taken': 'A person stops the other program.',
  'error certificate-mismatch': SETUP,
  'error routing-failed': SETUP,
  'error kept-list-items': SETUP,
  'error concurrent-deploy': SETUP,
  'error endpoint-unreachable': NETWORK,
  'error chat-api-unknown': 'A person copies the URL from the code snippet in Setup.',
  'error chat-api-unreachable': NETWORK,
  'error verify-failed': CHOICE,
  'error monitor-failed': CHOICE,
  'error canary-failed': CHOICE,
  'error invalid-project': CHOICE,
  'error unknown-input': 'A person pastes another text.',
  'finding missing-content': COPY,
  'finding replacement-applied': NO_ACTION,
  'finding certificate-several': NO_ACTION,
  'finding key-layout': NO_ACTION,
  'finding flow-not-retrieved': NO_ACTION,
  'finding not-declared': NO_ACTION,
  'finding certificate-ca': 'A person compares the certificate with the key that signs tokens.',
  'finding signer-key': SETUP,
  'finding signer-record': SETUP,
  'finding exportable-key': SETUP,
  'finding member-site-template': SETUP,
  'finding retired-remains': SETUP,
  'finding unsafe-name': SETUP,
  'finding agent-redeployed': TIMING,
  'finding apex-coverage': 'A person writes Apex tests.',
  'finding apex-test': 'A person corrects Apex code.',
  'finding deployment-not-everywhere': 'A person decides whether each org should have the chat deployment.',
  'finding existing-trust': 'A person decides whether source manages the trust.',
  'finding unmanaged-deployment': SETUP,
  'finding unread-channel': SETUP,
  'finding undeclared-trust': 'A person decides whether the trust is accepted.',
  'finding channel-verifies-nobody': 'Nobody can send tokens of a new key before a person changes the token service.',
  'finding key-store': OPENSSL,
  'finding key-passphrase': OPENSSL,
  'finding key-type': OPENSSL,
  'finding private-key-missing': COPY,
  'finding jwks-discovery': NETWORK,
};
