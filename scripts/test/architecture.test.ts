import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type Exemptions,
  fileRings,
  folderRings,
  importProblems,
  type Rules,
  terminalProblems,
  worldProblems,
} from './gates/architecture';
import { show } from './gates/problem';
import { anyProblems, fileSizes, functionSizes, longest, nameProblems, quantile } from './gates/sizes';
import { readSources } from './gates/sources';
import { PROJECT } from './gates/walk';

/** Who may import whom in scripts/lib. Imports run one way; types count. */
const MAY_IMPORT: Rules = {
  model: [],
  errors: [],
  json: [],
  wsdl: [],
  metadata: ['model', 'errors', 'json', 'wsdl'],
  source: ['metadata', 'model', 'errors', 'json'],
  config: ['model', 'errors', 'json', 'wsdl'],
  compose: ['model', 'errors', 'metadata', 'wsdl'],
  jwk: ['model', 'errors'],
  rules: ['model', 'jwk', 'wsdl', 'errors'],
  project: ['source', 'config', 'compose', 'rotation', 'rules', 'model', 'errors'],
  diff: ['model'],
  sf: ['model', 'errors'],
  seal: ['metadata', 'model', 'errors'],
  journal: ['errors'],
  org: ['sf', 'metadata', 'diff', 'model', 'errors'],
  fleet: ['org', 'model', 'errors'],
  matrix: ['model', 'jwk'],
  symptom: ['token'],
  report: ['chain', 'model', 'errors', 'matrix'],
  cli: ['errors', 'report'],
  run: [
    ...['chain', 'cli', 'config', 'diff', 'errors', 'fleet', 'issuer', 'journal', 'matrix', 'messaging'],
    ...['model', 'org', 'project', 'proof', 'report', 'rules', 'seal', 'sf', 'symptom', 'token'],
  ],
  rotation: ['model', 'errors', 'json', 'jwk'],
  token: [],
  chain: ['jwk', 'model', 'token'],
  messaging: ['token'],
  issuer: ['errors', 'jwk', 'token'],
  proof: ['chain', 'endpoint', 'errors', 'issuer', 'messaging', 'model', 'org', 'token'],
  endpoint: ['errors', 'json', 'jwk', 'model', 'rules'],
  keys: [
    ...[
      'cli',
      'compose',
      'config',
      'endpoint',
      'errors',
      'fleet',
      'journal',
      'json',
      'jwk',
      'metadata',
      'model',
      'org',
      'report',
      'rotation',
    ],
    ...['rules', 'run', 'seal', 'sf', 'source'],
  ],
  connect: ['cli', 'errors', 'messaging', 'model', 'project', 'report', 'sf'],
  'token-server': ['cli', 'compose', 'config', 'errors', 'issuer', 'jwk', 'model', 'source'],
  import: [
    ...['cli', 'compose', 'config', 'errors', 'fleet', 'json', 'keys', 'metadata', 'model', 'org', 'report', 'rules'],
    ...['sf', 'source', 'wsdl'],
  ],
  refresh: [
    ...['cli', 'config', 'errors', 'fleet', 'keys', 'metadata', 'model', 'org', 'project', 'report', 'rules', 'run'],
    ...['sf'],
  ],
  pipeline: ['cli', 'config', 'errors', 'model', 'project', 'report', 'run', 'sf'],
};

const TOUCH_THE_WORLD = ['source', 'config', 'sf', 'org', 'journal', 'cli'];

const TOUCH_THE_TERMINAL = ['cli'];

const EXEMPT: Exemptions = {
  'lib/seal/files.ts node:fs': 'writes sealed plans where the user wants them, and snapshots into the folder of a run',
  'lib/sf/host.mts': 'a process of its own: it ends itself when the process that started it is gone',
  'lib/rules/host.ts node:net': 'asks only whether a text is an IP address',
  'lib/wsdl/generate.ts node:fs':
    'run by the developer who updates @salesforce/types, and by a test; no command runs it',
  'lib/rotation/files.ts node:fs': 'reads and writes config/rotations; every other file of the module is pure',
  'lib/keys/private-key.ts': 'hands a private key to the one file or command that the user names',
  'lib/keys/git.ts': 'asks git whether that file could be committed',
  'lib/keys/source-files.ts node:fs': 'writes keys, keysets and org files of the source',
  'lib/keys/output.ts node:fs': 'writes a signing request or a JWKS where the user wants it',
  'lib/keys/offers.ts node:fs': 'reads the file of a key to import',
  'lib/pipeline/login.ts node:fs': 'keeps the private key of a pipeline in one file while its logins are used',
  'lib/pipeline/joined.ts node:fs': 'reads the documents that other jobs wrote',
  'lib/import/files.ts node:fs': 'reads the org files of the project that orgs are imported into',
  'lib/connect/write.ts node:fs': 'writes what client teams need where the user wants it',
  'lib/token-server/listen.ts node:http': 'the one file of the endpoint that listens',
  'lib/token-server/listen.ts node:net': 'names the type of an address',
  'lib/token-server/private-key.ts': 'reads a private key from the one file or command that the user names',
  'lib/token-server/serve.ts node:fs': 'reads a JWKS whose keys are served, too',
  'lib/endpoint/download.ts fetch': 'reads a JWKS as Salesforce would',
  'lib/messaging/ask.ts fetch': 'the only client of the messaging runtime',
  'lib/issuer/command.ts': 'runs the command that the user names as the source of tokens',
  'lib/issuer/key-file.ts node:fs': 'reads the private key of the file that the user names',
  'lib/endpoint/tls-facts.ts node:tls': 'looks at the TLS handshake of an endpoint',
};

const TOP_LEVEL = [
  'README.md',
  'config',
  'force-app',
  'package-lock.json',
  'package.json',
  'scripts',
  'sfdx-project.json',
  'tsconfig.json',
];

const SOURCES = readSources(join(PROJECT, 'scripts'));

test('imports follow the table', () => {
  assert.equal(show(importProblems(SOURCES, MAY_IMPORT)), '');
});

test('no folders and no files import each other in a ring', () => {
  assert.deepEqual(folderRings(SOURCES), []);
  assert.deepEqual(fileRings(SOURCES), []);
});

test('only the modules at the edge touch files, processes and the network', () => {
  assert.equal(show(worldProblems(SOURCES, TOUCH_THE_WORLD, EXEMPT)), '');
});

test('only the command line prints and ends the process', () => {
  assert.equal(show(terminalProblems(SOURCES, TOUCH_THE_TERMINAL, EXEMPT)), '');
});

test('files are short: half of them up to 70 lines, 95 % up to 180', () => {
  const sizes = fileSizes(SOURCES);
  assert.ok(quantile(sizes, 0.5) <= 70 && quantile(sizes, 0.95) <= 180, longest(sizes));
});

test('functions are short: half of them up to 8 lines, 95 % up to 30', () => {
  const sizes = functionSizes(SOURCES);
  assert.ok(quantile(sizes, 0.5) <= 8 && quantile(sizes, 0.95) <= 30, longest(sizes));
});

test('nothing is of type any, and nothing is called utils', () => {
  assert.equal(show([...anyProblems(SOURCES), ...nameProblems(SOURCES)]), '');
});

test('the top level shows these entries and no others', () => {
  const visible = readdirSync(PROJECT).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  assert.deepEqual(visible.sort(), TOP_LEVEL);
});
