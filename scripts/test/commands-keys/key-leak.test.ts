import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runProcess, type ProcessResult } from '../commands/command-process';
import { startFleet, type Fleet } from '../commands/fleet';
import { createWorkspace } from '../commands/workspace';
import { startEndpoint, type TestEndpoint } from './test-endpoint';
import { filesBelow, writeFixture } from './test-project';

const workspace = createWorkspace();
const vault = join(workspace.folder, 'vault');
const KEYSET = 'Customer_Identity';

let fleet: Fleet;
let endpoint: TestEndpoint;
let output = '';
before(async () => {
  fleet = await startFleet(workspace, { one: {} });
  endpoint = await startEndpoint();
  mkdirSync(vault);
  writeFixture(fleet.project, '.gitignore', '');
  git('init', '-q');
  assert.equal((await fleet.deployAccepted()).exit, 0);
});
after(() => endpoint.close());

const git = (...args: readonly string[]): Buffer =>
  execFileSync('git', ['-C', fleet.project, '-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
    maxBuffer: 1e9,
  });

/** Runs `keys` in its own process and records its output. */
async function keys(...argv: readonly string[]): Promise<ProcessResult> {
  const ended = await runProcess(workspace, 'keys', [...argv, '--project', fleet.project]);
  output += ended.stdout + ended.stderr;
  return ended;
}

/** Fragments by which a private key is recognized: each member in three encodings, and each line of its PEM file. */
function privateKeyFragments(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const { n, d, p, q, dp, dq, qi } = createPrivateKey(text).export({ format: 'jwk' });
  const members = [d, p, q, dp, dq, qi].map((member) => Buffer.from(String(member), 'base64url'));
  const spellings = members.flatMap((bytes) =>
    (['base64url', 'base64', 'hex'] as const).map((encoding) => bytes.toString(encoding)),
  );
  // Lines that contain only the modulus are public, because certificates contain them too.
  const modulus = Buffer.from(String(n), 'base64url');
  const lines = text.split('\n').filter((line) => line.length > 40 && !modulus.includes(Buffer.from(line, 'base64')));
  return [...spellings, ...lines, 'BEGIN PRIVATE KEY'];
}

const KEYS_COMMANDS: readonly (readonly [argv: readonly string[], exit: number])[] = [
  [['new', 'Canary', '--private-key', join(vault, 'canary.pem')], 0],
  [['new', 'Second', '--private-key-to', `cat > '${join(vault, 'second.pem')}'`, '--json'], 0],
  [['new', 'Third', '--private-key-to', 'cat; cat >&2; exit 1', '--debug'], 1],
  [['new', 'Fourth', '--private-key', join(vault, 'fourth.pem'), '--request', join(workspace.folder, 'fourth.csr')], 0],
  [['import', 'Leak', '--from', join(vault, 'canary.pem')], 3],
  [['import', 'Leak', '--from', join(vault, 'leak.json'), '--json', '--debug'], 3],
  [['import', 'Leak', '--from', join(vault, 'leak-set.json'), '--kid', 'canary'], 3],
  [['jwks', KEYSET, '--key', 'Canary', '--key', 'Second', '--out', join(workspace.folder, 'jwks.json')], 0],
  [['list', '--json'], 0],
  [['check-endpoint', 'Customer_Identity_Endpoint', '--allow-loopback'], 1],
  [['rotate', 'stage', KEYSET, '--new-key', 'Canary', '--old-key', 'Customer_Identity_2026_A'], 0],
  [['rotate', 'check', KEYSET, '--json'], 0],
  [['rotate', 'switch', KEYSET, '--confirm'], 0],
  [['rotate', 'retire', KEYSET], 1],
  [['rotate', 'retire', KEYSET, '--compromised', '--accept', 'disruptive'], 0],
  [['rotate', 'delete', KEYSET, '--debug'], 0],
  [['rotate', 'status'], 0],
];

test(
  'writes no part of a private key to output, journals, temporary files, sources, or git',
  { timeout: 180_000 },
  async () => {
    for (const [argv, exit] of KEYS_COMMANDS) {
      const ended = await keys(...argv);
      assert.equal(ended.exit, exit, `${argv.slice(0, 2).join(' ')}: ${ended.stdout}${ended.stderr}`);
      if (argv[1] === 'Canary') writeLeakingKey();
    }
    git('add', '-A');
    git('commit', '-qm', 'all of it');
    const objects = git('cat-file', '--batch-all-objects', '--batch');
    const files = filesBelow(workspace.folder).filter(
      (file) => !file.startsWith(vault) && file !== workspace.loginKeyFile,
    );
    const everything = [Buffer.from(output), objects, ...files.map((file) => readFileSync(file))];
    const secrets = ['canary.pem', 'second.pem', 'fourth.pem'].flatMap((file) =>
      privateKeyFragments(join(vault, file)),
    );
    for (const secret of secrets) {
      const found = everything.findIndex((bytes) => bytes.includes(secret));
      assert.equal(found, -1, found > 1 ? files[found - 2] : ['output', 'git'][found]);
    }
    assert.ok(
      objects.includes('Canary') && files.length > 20 && output.length > 2000,
      'the searched content is not empty',
    );
  },
);

/** Writes the private key as a JWK and as a JWKS document and serves it at the endpoint, as a user could by mistake. */
function writeLeakingKey(): void {
  const jwk = {
    ...createPrivateKey(readFileSync(join(vault, 'canary.pem'))).export({ format: 'jwk' }),
    kid: 'canary',
    alg: 'RS256',
  };
  writeFixture(vault, 'leak.json', JSON.stringify(jwk));
  writeFixture(vault, 'leak-set.json', JSON.stringify({ keys: [jwk] }));
  endpoint.serve({ keys: [jwk] });
  fleet.rewrite(
    'force-app/main/default/PublicKeyCertificateSet/Customer_Identity_Endpoint.PublicKeyCertificateSet-meta.xml',
    'https://login.example.com/.well-known/jwks.json',
    endpoint.url,
  );
}
