import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type Exemptions,
  fileCycles,
  folderCycles,
  importProblems,
  type Rules,
  terminalProblems,
  sideEffectProblems,
} from './gates/architecture';
import { formatProblems } from './gates/problem';
import { assertionProblems } from './gates/assertions';
import { functionSizes, formatLargest, nameProblems, quantile } from './gates/sizes';
import { readSources, readTests } from './gates/sources';
import { PROJECT } from './gates/list-files';

/** The modules of scripts/lib, at most 30. A module imports only modules that are listed before it, types included. */
const MODULES = [
  'model',
  'errors',
  'files',
  'evidence',
  'key-files',
  'metadata',
  'jwk',
  'token',
  'rules',
  'explain',
  'http',
  'rotation',
  'project',
  'plan',
  'sf',
  'org',
  'chat-api',
  'report',
  'cli',
  'verification',
  'monitor',
  'rollout',
  'keys',
  'client-kit',
  'token-server',
  'import',
  'calibrate',
  'pipeline',
  'commands',
  'setup',
];

const MAY_IMPORT: Rules = Object.fromEntries(MODULES.map((name, index) => [name, MODULES.slice(0, index)]));

/** Modules that read and write files, start processes or open connections. */
const MODULES_WITH_IO = ['files', 'sf', 'org', 'cli'];

const MODULES_WITH_TERMINAL = ['cli'];

const EXEMPT: Exemptions = {
  'lib/project/orgs-folder.ts node:fs': 'lists the org files of a project',
  'lib/project/load-org-files.ts node:fs': 'reads the org files of a project',
  'lib/project/project-file.ts node:fs': 'reads sfdx-project.json',
  'lib/project/force-ignore.ts node:fs': 'reads .forceignore',
  'lib/project/read-source.ts node:fs': 'reads the metadata of the source',
  'lib/project/list-files.ts node:fs': 'lists the files of package directories',
  'lib/project/read-member-site.ts node:fs': 'reads the files of the member site',
  'lib/evidence/evidence.ts node:fs': 'reads the evidence of a project',
  'lib/calibrate/endpoint.ts node:http': 'serves JWKS documents to the org that an experiment asks',
  'lib/calibrate/record.ts node:fs': 'reads and removes the record of what a run created',
  'lib/monitor/history.ts node:fs': 'reads and writes the results of monitor runs where the user wants them',
  'lib/rollout/read-journal.ts node:fs': 'reads the journals of runs',
  'lib/rollout/write-journal.ts node:fs': 'writes the journal of a run',
  'lib/plan/plan-file.ts node:fs':
    'writes saved plans where the user wants them, and snapshots into the folder of a run',
  'lib/sf/worker.mts': 'a process of its own: it ends itself when the process that started it is gone',
  'lib/rules/host.ts node:net': 'asks only whether a text is an IP address',
  'lib/metadata/generate-tables.ts node:fs':
    'run by the developer who updates @salesforce/types, and by a test; no command runs it',
  'lib/rotation/files.ts node:fs': 'reads and writes config/rotations; every other file of the module is pure',
  'lib/keys/private-key.ts':
    'hands a private key to the one file or command that the user names, and asks git about that file',
  'lib/keys/source-files.ts node:fs': 'writes keys, keysets and org files of the source',
  'lib/key-files/read-file.ts node:fs': 'reads the file of a key or certificate that the user names',
  'lib/setup/setup.ts node:fs': 'reads the files that a setup replaces, to show the difference',
  'lib/setup/new-component.ts node:fs': 'asks whether a file exists before it is written',
  'lib/setup/machine.ts': 'reads the versions of the programs of this machine, and when a login was stored',
  'lib/pipeline/login.ts node:fs': 'keeps the private key of a pipeline in one file while its logins are used',
  'lib/pipeline/merge-reports.ts node:fs': 'reads the documents that other jobs wrote',
  'lib/import/project-state.ts node:fs': 'reads the org files of the project that orgs are imported into',
  'lib/client-kit/write-kit.ts node:fs': 'writes what client teams need where the user wants it',
  'lib/token-server/listen.ts node:http': 'the one file of the endpoint that listens',
  'lib/token-server/listen.ts node:net': 'names the type of an address',
  'lib/token-server/private-key.ts': 'reads a private key from the one file or command that the user names',
  'lib/http/public-lookup.ts': 'resolves the names of hosts before a connection',
  'lib/http/proxy.ts': 'makes the agents that connect through a proxy',
  'lib/http/request.ts': 'sends the requests of the modules verification and chat-api',
  'lib/token/command-group.ts': 'runs the commands that the user names as sources of tokens and keys',
  'lib/token/command-source.ts': 'names the type of a running command',
};

const TOP_LEVEL = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'config',
  'force-app',
  'member-site',
  'package-lock.json',
  'package.json',
  'scripts',
  'sfdx-project.json',
  'tsconfig.json',
];

const SCRIPTS = join(PROJECT, 'scripts');
const SOURCES = readSources(SCRIPTS);

test('imports follow the table', () => {
  assert.ok(MODULES.length <= 30, `lib has ${MODULES.length} modules`);
  assert.equal(formatProblems(importProblems(SOURCES, MAY_IMPORT)), '');
});

test('no folders and no files import each other in a ring', () => {
  assert.deepEqual(folderCycles(SOURCES), []);
  assert.deepEqual(fileCycles(SOURCES), []);
});

test('only the modules at the edge touch files, processes and the network', () => {
  assert.equal(formatProblems(sideEffectProblems(SOURCES, MODULES_WITH_IO, EXEMPT)), '');
});

test('only the command line prints and ends the process', () => {
  assert.equal(formatProblems(terminalProblems(SOURCES, MODULES_WITH_TERMINAL, EXEMPT)), '');
});

test('functions are short: half of them up to 8 lines, 95 % up to 30', () => {
  const sizes = functionSizes(SOURCES);
  assert.ok(quantile(sizes, 0.5) <= 8 && quantile(sizes, 0.95) <= 30, formatLargest(sizes));
});

test('nothing is called utils', () => {
  assert.equal(formatProblems(nameProblems(SOURCES)), '');
});

test('no test contains a check that may never happen', () => {
  assert.equal(formatProblems(assertionProblems(readTests(SCRIPTS))), '');
});

test('the top level shows these entries and no others', () => {
  const visible = readdirSync(PROJECT).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  assert.deepEqual(visible.sort(), TOP_LEVEL);
});
