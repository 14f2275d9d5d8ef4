import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactSecrets, sanitize } from '../../lib/cli/sanitize';
import { parseInput } from '../../lib/explain';
import { MAX_KEY_FILE_BYTES, readKeyFile, readRsaPrivateKey } from '../../lib/key-files';
import type { Finding } from '../../lib/model';
import { formatValue } from '../../lib/plan/format-value';
import { escapeWorkflowCommands, findingsText } from '../../lib/report';
import { codeSpan } from '../../lib/report/markdown-escape';
import { redactTokens } from '../../lib/token';
import { keyPair } from './jwk/test-keys';
import { AUTHORIZATION, FILE, findingsIn, validProject, xml, type Files } from './rules/valid-project';
import { repeatUntil, withinTimeout } from './within-timeout';

/** Quadratic work on a file of this size takes minutes. */
const FILE_SIZE = 400_000;

const fill = (part: (index: number) => string): string => repeatUntil(FILE_SIZE, part);
const list = (name: (index: number) => string): readonly string[] =>
  fill((index) => `${name(index)} `)
    .trim()
    .split(' ');

const channel = (elements: string, config = `<authMode>Auth</authMode>${AUTHORIZATION}`): string =>
  xml(
    'MessagingChannel',
    `${elements}<embeddedConfig>${config}</embeddedConfig><masterLabel>Web</masterLabel>
<messagingChannelType>EmbeddedMessaging</messagingChannelType><sessionHandlerQueue>Chat</sessionHandlerQueue>
<sessionHandlerType>Queue</sessionHandlerType>`,
  );

const keyset = (elements: string): string =>
  xml(
    'PublicKeyCertificateSet',
    `<jwtIssuer>https://id.example.com</jwtIssuer><masterLabel>Keys</masterLabel>${elements}<type>JWKS</type>`,
  );

const org = (content: object): string =>
  JSON.stringify({ orgId: '00D000000000001EAA', kind: 'sandbox', channels: ['Web', 'Mobile', 'Guest'], ...content });

const apps = `<description>${fill((index) => `App: app${index}\n`)}</description>`;
const keyItem = (name: string): string =>
  `<publicKeyCertificateSetKeys><publicKeyCertificate>${name}</publicKeyCertificate></publicKeyCertificateSetKeys>`;

/** Large files of a project by what they repeat, and a rule that finds something in them, or none. */
const FILES: Readonly<Record<string, readonly [files: Files, rule?: string]>> = {
  'apps of one channel': [{ [FILE.web]: channel(apps) }],
  'apps of a verified and an unverified channel': [
    { [FILE.web]: channel(apps), [FILE.guest]: channel(apps, '<authMode>UnAuth</authMode>') },
    'app-mixed-verification',
  ],
  'unknown elements': [{ [FILE.web]: channel(fill((index) => `<e${index}>1</e${index}>`)) }, 'unknown-element'],
  'a long unknown element': [
    { [FILE.web]: channel(`<${'e'.repeat(FILE_SIZE)}>1</${'e'.repeat(FILE_SIZE)}>`) },
    'unknown-element',
  ],
  'items with different keys': [
    { [FILE.web]: channel(fill((index) => `<customParameters><name>n${index}</name></customParameters>`)) },
    'missing-element',
  ],
  'Configuration Names': [
    {
      [FILE.web]: channel(
        '',
        fill((index) => AUTHORIZATION.replace('Customer', `C${index}`)) + '<authMode>Auth</authMode>',
      ),
    },
    'keyset-two-identifiers',
  ],
  'one Configuration Name with different keysets': [
    {
      [FILE.web]: channel(
        '',
        fill((index) => AUTHORIZATION.replace('Uploaded', `K${index}`)) + '<authMode>Auth</authMode>',
      ),
    },
    'identifier-two-keysets',
  ],
  'one key in a keyset': [{ [FILE.uploaded]: keyset(fill(() => keyItem('Key_A'))) }, 'duplicate-list-item'],
  'keys in a keyset': [{ [FILE.uploaded]: keyset(fill((index) => keyItem(`K${index}`))) }, 'unresolved-reference'],
  'channels of an org': [{ [FILE.dev]: org({ channels: list((index) => `C${index}`) }) }, 'unknown-component'],
  'one member of an org file': [{ [FILE.dev]: `{${fill(() => '"a":1,')}"a":1}` }, 'ill-formed-json'],
  'list items of an override': [
    {
      [FILE.dev]: org({
        overrides: {
          MessagingChannel: {
            Web: {
              embeddedConfig: {
                messagingAuthorizations: list((index) => `item${index}`).map(() => ({ enabled: null })),
              },
            },
          },
        },
      }),
    },
  ],
  'package directories outside the project': [
    {
      [FILE.project]: JSON.stringify({
        packageDirectories: list((index) => `../d${index}`).map((path) => ({ path })),
        sourceApiVersion: '67.0',
      }),
    },
    'package-directory-outside',
  ],
  'unclosed comments': [{ [FILE.web]: fill(() => '<!--') }, 'ill-formed-xml'],
  'unclosed elements': [{ [FILE.web]: fill(() => '<a>') }, 'ill-formed-xml'],
};

for (const [what, [files, rule]] of Object.entries(FILES)) {
  test(`checks and prints a project with many of: ${what}`, async () => {
    const valid = await validProject();
    const findings = withinTimeout(() => findingsIn({ ...valid, ...files }));
    withinTimeout(() => findingsText({ columns: 100, color: true }, findings));
    assert.ok(rule === undefined || findings.some((finding) => finding.rule === rule), `no finding of ${rule}`);
  });
}

/** Quadratic work on a text of this size takes ten minutes. */
const TEXT_SIZE = 800_000;

/** The first line of a PEM block. */
const header = (label: string): string => `-----BEGIN ${label}-----`;
const element = (text: string) => ({ name: 'jsonWebKey', attributes: {}, text, children: [] });

/** A key file of the largest size that is read. */
const keyBytes = (text: string): Buffer => Buffer.from(`-----BEGIN ${text}`.slice(0, MAX_KEY_FILE_BYTES));
const PEM_PARTS = [
  ...[
    '-----BEGIN KEY-----\n',
    '-----BEGIN KEY',
    '-',
    '-----',
    '\\n',
    '\\',
    ' ',
    '\n ',
    '"',
    '-----BEGIN%20',
    '%',
    'BEGIN ',
  ],
  ...[header('CERTIFICATE'), `${header('A')}\nA\n-----END A-----`, '----- ', 'MII', '{', '[{"a":'],
];

/** Functions that read untrusted text, with texts that a search could start again at every character. */
const TEXTS: Readonly<Record<string, readonly [read: (text: string) => unknown, parts: readonly string[]]>> = {
  redactSecrets: [
    redactSecrets,
    ['ey-', 'eyJabcdefgh.', header('PRIVATE KEY'), '-----BEGIN A', 'force://', '00D', '-', '\\', '00Dabcdefghijkl\\'],
  ],
  redactTokens: [redactTokens, ['a', 'a.', 'abcdefgh.', '00D', ' ']],
  parseInput: [parseInput, ['eyJ-', 'eyJa.', '<\n', '\r\n', '"', 'HTTP/', 'bearer ']],
  readKeyFile: [(text) => readKeyFile(keyBytes(text), 'public'), PEM_PARTS],
  readRsaPrivateKey: [(text) => readRsaPrivateKey(keyBytes(text)), PEM_PARTS],
  formatValue: [(text) => formatValue(element(JSON.stringify({ n: `${text}x` }))), ['=', 'a=']],
  escapeWorkflowCommands: [escapeWorkflowCommands, ['\n', ' ', ':', '\u2028', '\n :', '##[']],
  codeSpan: [codeSpan, ['`', '` ', ' ', 'a']],
  sanitize: [(text) => sanitize(text, true), ['\u001B[', '\u001B[1m', '\u2028', '\uD800']],
};

for (const [name, [read, parts]] of Object.entries(TEXTS)) {
  test(`${name} reads long texts in linear time`, () => {
    for (const part of parts) {
      const text = repeatUntil(TEXT_SIZE, () => part);
      withinTimeout(() => read(text));
      withinTimeout(() => read(`${text}!`));
      withinTimeout(() => read(`! ${text}`));
    }
  });
}

test('a removed secret is the same whether or not the text repeats its beginning', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjdXN0b21lciJ9.c2lnbmF0dXJl';
  for (const text of [`ey-${jwt}`, `x-${jwt}`, `eyabcdefghi ${jwt}`, `eyabcdefghi.short.${jwt}`]) {
    assert.ok(!redactSecrets(text).includes('c2lnbmF0dXJl'), redactSecrets(text));
    assert.ok(!redactTokens(text).includes('c2lnbmF0dXJl'), redactTokens(text));
  }
  const { privateKey } = keyPair();
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trimEnd();
  const [start = '', body = ''] = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString().split('\n');
  const unended = `${start}\nProc-Type: 4,ENCRYPTED\n${body}`;
  assert.equal(redactSecrets(`a${pem}b`), 'a[secret removed]b');
  assert.equal(redactSecrets(`${unended}\n${pem}.`), '[secret removed][secret removed].');
  assert.equal(redactSecrets('force://force://id:secret:token@example.my.salesforce.com end'), '[secret removed] end');
});

test('prints a finding that has very many locations', () => {
  const finding: Finding = {
    rule: 'r',
    severity: 'error',
    component: '',
    path: '',
    file: 'f',
    line: 0,
    message: 'm',
    fix: 'f',
  };
  const findings = Array.from({ length: 50_000 }, (_, line) => ({ ...finding, line }));
  assert.match(
    withinTimeout(() => findingsText({ columns: 100, color: false }, findings)),
    /f:49999/,
  );
});
