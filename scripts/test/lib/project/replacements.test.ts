import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../../lib/model';
import { Replacements } from '../../../lib/project/replacements';

type Entry = Readonly<Record<string, unknown>>;

/** The functions of the CLI's own library. They read process.env. */
interface CliReplacements {
  envFilter(entry: Entry): boolean;
  getReplacements(component: object, entries: readonly Entry[]): Promise<object | undefined>;
  getReplacementStreamForReadable(component: object, path: string): AsyncIterable<Buffer>;
}

const cliFolder = findPackageJSON('@salesforce/cli', __filename) ?? '';
const library = findPackageJSON('@salesforce/source-deploy-retrieve', cliFolder) ?? '';
const cli = createRequire(library)('./lib/src/convert/replacements.js') as CliReplacements;

const folder = mkdtempSync(join(tmpdir(), 'replacements-'));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'force-app/queues'), { recursive: true });
const FILE = 'force-app/queues/Chat.queue-meta.xml';
const path = join(folder, FILE);
const GLOB = { glob: '**/*.queue-meta.xml' };

const VARIABLES = { DESK: 'desk@shop.example', PATTERN: '[$&] $1 $$', EMPTY: '', STAGE: 'uat' };
const VARIABLE_NAMES = Object.fromEntries(Object.entries(VARIABLES).map(([name, value]) => [`T_${name}`, value]));
Object.assign(process.env, VARIABLE_NAMES);

/** What the CLI deploys for the file. */
async function deployedByCli(entries: readonly Entry[]): Promise<string> {
  const component = { xml: path, walkContent: () => [], tree: { stream: (file: string) => createReadStream(file) } };
  const absolute = entries.map((entry) =>
    typeof entry['replaceWithFile'] === 'string'
      ? { ...entry, replaceWithFile: join(folder, entry['replaceWithFile']) }
      : entry,
  );
  const replacements = await cli.getReplacements(
    component,
    absolute.filter((entry) => cli.envFilter(entry)),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of cli.getReplacementStreamForReadable({ ...component, replacements }, path))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

type Result = { readonly text: string; readonly findings: readonly Pick<Finding, 'rule' | 'message' | 'line'>[] };

function replace(text: string, entries: readonly unknown[]): Result {
  writeFileSync(path, text);
  const replacements = new Replacements(folder, entries, () => 7);
  const result = replacements.apply(path, Buffer.from(text));
  return { text: result.text, findings: [...result.findings, ...replacements.findings()] };
}

/** Replaces as the CLI does: the results were compared. */
async function replaceAsCli(text: string, entries: readonly Entry[]): Promise<Result> {
  const result = replace(text, entries);
  assert.equal(result.text, await deployedByCli(entries), JSON.stringify(entries));
  return result;
}

const DESK = { stringToReplace: '${DESK}', replaceWithEnv: 'T_DESK' };

const CASES: readonly (readonly [claim: string, text: string, entries: readonly Entry[], result: string])[] = [
  ['a text in files of a glob', '<a>${DESK}</a>\n', [{ ...GLOB, ...DESK }], '<a>desk@shop.example</a>\n'],
  ['a text each time it occurs', '${DESK} ${DESK}', [{ ...GLOB, ...DESK }], 'desk@shop.example desk@shop.example'],
  ['a text in a named file', '${DESK}', [{ filename: FILE, ...DESK }], 'desk@shop.example'],
  ['nothing in a file of another name', '${DESK}', [{ filename: 'Other.queue-meta.xml', ...DESK }], '${DESK}'],
  ['nothing in a file outside the glob', '${DESK}', [{ glob: '**/*.cls', ...DESK }], '${DESK}'],
  ['a regular expression', 'a12b', [{ ...GLOB, regexToReplace: '[0-9]+', replaceWithEnv: 'T_STAGE' }], 'auatb'],
  [
    'a regular expression within the lines of a file only',
    'a\nb\nc',
    [{ ...GLOB, regexToReplace: 'b\\sc|a\\sb', replaceWithEnv: 'T_STAGE' }],
    'uat\nc',
  ],
  [
    'with the patterns of String.replace in a value',
    'x',
    [{ ...GLOB, stringToReplace: 'x', replaceWithEnv: 'T_PATTERN' }],
    '[x] $1 $',
  ],
  ['with an empty variable', '<a>x</a>', [{ ...GLOB, stringToReplace: 'x', replaceWithEnv: 'T_EMPTY' }], '<a></a>'],
  [
    'with nothing for an unset variable that may be unset',
    '<a>x</a>',
    [{ ...GLOB, stringToReplace: 'x', replaceWithEnv: 'T_UNSET', allowUnsetEnvVariable: true }],
    '<a></a>',
  ],
  [
    'one after another',
    'x',
    [
      { ...GLOB, stringToReplace: 'x', replaceWithEnv: 'T_STAGE' },
      { ...GLOB, stringToReplace: 'uat', replaceWithEnv: 'T_DESK' },
    ],
    'desk@shop.example',
  ],
  [
    'if all variables of the condition have their values',
    'x y',
    [
      { ...GLOB, stringToReplace: 'x', replaceWithEnv: 'T_STAGE', replaceWhenEnv: [{ env: 'T_STAGE', value: 'uat' }] },
      { ...GLOB, stringToReplace: 'y', replaceWithEnv: 'T_STAGE', replaceWhenEnv: [{ env: 'T_STAGE', value: 'prod' }] },
    ],
    'uat y',
  ],
];

for (const [claim, text, entries, result] of CASES) {
  test(`replaces ${claim}, as the CLI does`, async () => {
    assert.equal((await replaceAsCli(text, entries)).text, result);
  });
}

test('replaces with the trimmed content of a file, as the CLI does', async () => {
  writeFileSync(join(folder, 'value.txt'), '\n https://id.example.com \n');
  const entry = { ...GLOB, stringToReplace: 'URL', replaceWithFile: 'value.txt' };
  const { text, findings } = await replaceAsCli('URL', [entry]);
  assert.equal(text, 'https://id.example.com');
  assert.match(
    findings[0]?.message ?? '',
    /"URL" is replaced with "https:\/\/id\.example\.com" from the file value\.txt/,
  );
});

test('replaces in a file of several chunks as the CLI does', async () => {
  const text = `${'é'.repeat(32_700)}\n${'x'.repeat(65_600)}\n${'é x\n'.repeat(40_000)}x`;
  await replaceAsCli(text, [{ ...GLOB, regexToReplace: 'x', replaceWithEnv: 'T_STAGE' }]);
});

test('agrees with the CLI about any text and any replacements', async () => {
  const token = fc.constantFrom('x', '${A}', 'a.b', '\n', '(', '[', '\\', '$');
  const entry = fc.record({
    glob: fc.constantFrom('**/*.queue-meta.xml', '*.queue-meta.xml', 'force-app/**', 'queues/*.xml', '**/*.cls'),
    stringToReplace: fc.constantFrom('x', '${A}', 'a.b', '[', '\n', '$'),
    replaceWithEnv: fc.constantFrom('T_DESK', 'T_PATTERN', 'T_EMPTY'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(token), fc.array(entry, { minLength: 1, maxLength: 3 }), async (tokens, entries) => {
      await replaceAsCli(tokens.join(''), entries);
    }),
    { numRuns: 100 },
  );
});

test('names an unset variable, the text, and its line, where the CLI stops', async () => {
  const entry = { ...GLOB, stringToReplace: 'x', replaceWithEnv: 'T_UNSET' };
  const { text, findings } = replace('<a>\n<b>x</b>\n</a>', [entry]);
  await assert.rejects(deployedByCli([entry]), /T_UNSET/);
  assert.equal(text, '<a>\n<b>x</b>\n</a>');
  assert.deepEqual(
    findings.map(({ rule, line }) => [rule, line]),
    [['replacement-without-value', 2]],
  );
  assert.match(
    findings[0]?.message ?? '',
    /^The environment variable T_UNSET isn't set\. sfdx-project\.json replaces "x"/,
  );
});

test('reports a missing and an empty file, where the CLI stops', async () => {
  writeFileSync(join(folder, 'empty.txt'), ' \n');
  for (const replaceWithFile of ['missing.txt', 'empty.txt']) {
    const entry = { ...GLOB, stringToReplace: 'x', replaceWithFile };
    const { findings } = replace('x', [entry]);
    await assert.rejects(deployedByCli([entry]));
    assert.match(findings[0]?.message ?? '', new RegExp(`The file ${replaceWithFile} doesn't exist or is empty`));
  }
});

test('warns about a text that a named file lacks, and not about one that the files of a glob lack', () => {
  assert.deepEqual(
    replace('y', [{ filename: FILE, ...DESK }]).findings.map(({ rule }) => rule),
    ['replacement-unused'],
  );
  assert.deepEqual(replace('y', [{ ...GLOB, ...DESK }]).findings, []);
});

test('reports a variable that every object inherits as unset', () => {
  for (const replaceWithEnv of ['constructor', '__proto__', 'toString']) {
    const { text, findings } = replace('x', [{ ...GLOB, stringToReplace: 'x', replaceWithEnv }]);
    assert.deepEqual([text, findings.map(({ rule }) => rule)], ['x', ['replacement-without-value']], replaceWithEnv);
  }
});

const SECRET_NAMES = [
  ...['API_TOKEN', 'API_KEY', 'ApiKey', 'BASIC_AUTH', 'DB_PWD', 'PASSPHRASE', 'USER_PIN', 'userPin', 'PIN1', 'DB_PASS'],
  ...['CREDENTIALS', 'PASSWORD', 'PASSWD', 'CLIENT_SECRET', 'PRIVATE'],
];

test('never uses the value of a variable whose name says that it is secret, and reports where it would be', () => {
  for (const name of SECRET_NAMES) {
    process.env[`T_${name}`] = 'hunter2';
    const entry = { ...GLOB, stringToReplace: 'x', replaceWithEnv: `T_${name}` };
    const { text, findings } = replace('<a>\n<b>x</b>\n</a>', [entry]);
    assert.equal(text, '<a>\n<b>x</b>\n</a>', name);
    assert.deepEqual(
      findings.map(({ rule, line }) => [rule, line]),
      [['replacement-with-secret', 2]],
    );
    assert.doesNotMatch(JSON.stringify(findings), /hunter2/);
    assert.deepEqual(replace('<a>y</a>', [entry]).findings, []);
  }
});

test('never uses a file whose path or content says that it is secret', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const files: Readonly<Record<string, string>> = {
    'secrets/desk.txt': 'hunter2',
    'config/client-secret': 'hunter2',
    'password.txt': 'hunter2',
    'config/api_token.txt': 'hunter2',
    'signer.pem': String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    'signer.jwk': JSON.stringify(privateKey.export({ format: 'jwk' })),
    'issuer.txt': 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), content);
    const entry = { ...GLOB, stringToReplace: 'x', replaceWithFile: file };
    const { text, findings } = replace('<a>x</a>', [entry]);
    assert.equal(text, '<a>x</a>', file);
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['replacement-with-secret'],
      file,
    );
    assert.ok(!JSON.stringify(findings).includes(content), file);
  }
});

test('uses files with public values', () => {
  const jwk = JSON.stringify(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }));
  for (const [file, content] of [
    ['keys/public-key.json', jwk],
    ['token-url.txt', 'https://id.example.com/token'],
    ['kid.txt', 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
  ] as const) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), content);
    assert.equal(replace('x', [{ ...GLOB, stringToReplace: 'x', replaceWithFile: file }]).text, content);
  }
});

test('stops a regular expression that never ends, names it and the file, and applies the others', () => {
  const text = `${'a'.repeat(60)}b x`;
  writeFileSync(path, text);
  for (const unset of [{}, { replaceWithEnv: 'T_UNSET' }, { replaceWithEnv: 'T_PASSWORD' }]) {
    const slow = { ...GLOB, regexToReplace: '^(a+)+$', replaceWithEnv: 'T_DESK', ...unset };
    const replacements = new Replacements(
      folder,
      [slow, { ...GLOB, stringToReplace: 'x', replaceWithEnv: 'T_STAGE' }],
      () => 7,
      { ...VARIABLE_NAMES, T_PASSWORD: 'hunter2' },
      50,
    );
    const result = replacements.apply(path, Buffer.from(text));
    assert.equal(result.text, text.replace('x', 'uat'));
    const [error] = [...result.findings, ...replacements.findings()].filter(({ severity }) => severity === 'error');
    assert.ok(error, 'an error');
    assert.ok(error.message.includes('/^(a+)+$/'), error.message);
    if (Object.keys(unset).length === 0)
      assert.match(
        error.message,
        /takes more than 50 ms for force-app\/queues\/Chat\.queue-meta\.xml, and may never end/,
      );
  }
});

test('uses variables whose names only resemble those of secrets', () => {
  for (const name of ['SHIPPING_DESK', 'OPINION', 'COMPASS', 'PINK', 'MAPPING', 'ISSUER']) {
    process.env[`T_${name}`] = 'public';
    const entry = { ...GLOB, stringToReplace: 'x', replaceWithEnv: `T_${name}` };
    assert.equal(replace('x', [entry]).text, 'public', name);
  }
});

test('shows the value, unless it is long or can be secret', () => {
  const shown = (name: string): string =>
    replace('x', [{ ...GLOB, stringToReplace: 'x', replaceWithEnv: `T_${name}` }]).findings[0]?.message ?? '';
  assert.match(
    shown('DESK'),
    /with "desk@shop\.example" from the environment variable T_DESK in force-app\/queues\/Chat/,
  );
  process.env['T_JWK'] = '{"kty":"oct","k":"c2VjcmV0"}';
  assert.match(shown('JWK'), /with a value of 28 characters/);
});

test('reports an entry that the CLI can only misread', () => {
  const reasons: readonly (readonly [entry: unknown, reason: string])[] = [
    [{ stringToReplace: 'x', replaceWithEnv: 'T_DESK' }, 'it needs "filename" or "glob"'],
    [{ ...GLOB, replaceWithEnv: 'T_DESK' }, 'it needs "stringToReplace" or "regexToReplace"'],
    [{ ...GLOB, stringToReplace: 'x' }, 'it needs "replaceWithEnv" or "replaceWithFile"'],
    [{ ...GLOB, regexToReplace: '(', replaceWithEnv: 'T_DESK' }, 'regexToReplace must be a regular expression'],
    [{ ...GLOB, stringToReplace: 1, replaceWithEnv: 'T_DESK' }, 'stringToReplace must be a text in quotes'],
    ['x', 'it must be an object'],
  ];
  const { text, findings } = replace(
    'x',
    reasons.map(([entry]) => entry),
  );
  assert.equal(text, 'x');
  assert.deepEqual(
    findings.map(({ rule, line, message }) => [rule, line, message]),
    reasons.map(([, reason]) => ['bad-replacement', 7, `The replacement is invalid: ${reason}.`]),
  );
});
