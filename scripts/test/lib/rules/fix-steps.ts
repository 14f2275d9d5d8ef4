import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Context } from '../../../lib/cli';
import { runKeys } from '../../../lib/keys';
import type { KeysFlags } from '../../../lib/keys/flags';
import { commandsIn, type Finding } from '../../../lib/model';
import { filesBelow, pemOf, temporaryFolder } from '../../commands-keys/test-project';
import { testContext } from '../../commands/run-command';
import { parseRecommended } from '../command-definitions';
import { createCertificate, keyPair, NOW, publicJwk, type Jwk } from '../jwk/test-keys';
import { applyEdits, AUTHORIZATION, FILE, key, type Edits, type Files } from './valid-project';

/** The files after somebody did what a part of the fix says. The parts are checked one by one: a fix can offer several. */
export type Step = (files: Files, finding: Finding) => Files | Promise<Files>;

export interface Instruction {
  readonly rule: string;
  /** The part of the fix that is followed. */
  readonly says: string;
  readonly step: Step;
  /** Only the case with this text, if the cases of a rule differ. */
  readonly when?: string;
  /** An accepted finding stays, with a lower severity. */
  readonly accepted?: true;
}

export const edit =
  (edits: Edits): Step =>
  (files) =>
    applyEdits(files, edits);

/** Removes a text wherever the files contain it. */
export const remove =
  (pattern: RegExp, ...names: readonly string[]): Step =>
  (files) => {
    const changed = names.map((name) => [name, (files[name] ?? '').replace(pattern, '')] as const);
    assert.ok(changed.some(([name, text]) => files[name] !== text));
    return { ...files, ...Object.fromEntries(changed) };
  };

export const deleteFile = (files: Files, name: string): Files => {
  assert.ok(name in files, name);
  return Object.fromEntries(Object.entries(files).filter(([file]) => file !== name));
};

const JWK_TEXT = /<jsonWebKey>(.*)<\/jsonWebKey>/s;

/** Removes members from the JSON web key of the third key. */
export const removeMembers =
  (...names: readonly string[]): Step =>
  (files) => {
    const jwk = JSON.parse(JWK_TEXT.exec(files[FILE.keyC] ?? '')?.[1] ?? '') as Jwk;
    const kept = Object.entries(jwk).filter(([name]) => !names.includes(name));
    assert.ok(kept.length < Object.keys(jwk).length);
    return { ...files, [FILE.keyC]: key(Object.fromEntries(kept)) };
  };

const parent = temporaryFolder();

/** Runs a command of the fix in a folder with these files. `values` stand for the words in capitals. */
async function run(files: Files, command: string, values: Readonly<Record<string, string>>): Promise<Files> {
  const folder = mkdtempSync(join(parent, 'project-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const filled = command.replace(/\b[A-Z]{4,}\b/g, (word) => values[word] ?? word);
  const { flags } = parseRecommended(filled);
  const output = { shown: [], documents: [], progress: [], questions: [] };
  const context = { ...testContext(folder, {}, output), now: NOW, flags: { ...flags, project: folder } };
  assert.equal(await runKeys(context as unknown as Context<KeysFlags>), 0, output.shown.join('\n'));
  return Object.fromEntries(filesBelow(folder).map((name) => [relative(folder, name), readFileSync(name, 'utf8')]));
}

const commandWith = ({ fix }: Finding, part: string): string =>
  commandsIn(fix).find((command) => command.includes(part)) ?? assert.fail(`no ${part} in: ${fix}`);

const outside = (name: string): string => join(mkdtempSync(join(parent, 'outside-')), name);

/** Imports a valid certificate of the key pair of the third key. */
export const importCertificate: Step = async (files, finding) => {
  const file = outside('new.pem');
  writeFileSync(file, pemOf('CERTIFICATE', await createCertificate(keyPair('third'))));
  return run(files, commandWith(finding, 'keys -- import Key_C'), { FILE: file });
};

/** Imports the certificate of another key pair, and lists that key. */
export const importOther: Step = async (files, finding) => {
  const file = outside('other.pem');
  writeFileSync(file, pemOf('CERTIFICATE', await createCertificate(keyPair('fourth'))));
  const after = await run(files, commandWith(finding, 'import NAME'), { NAME: 'Other', FILE: file });
  // The old key is listed nowhere now, and `key-unused` says to delete it.
  return deleteFile(applyEdits(after, { [FILE.spare]: [['Key_C', 'Other']] }), FILE.keyC);
};

export const createKey = (files: Files, finding: Finding): Promise<Files> =>
  run(files, commandWith(finding, 'keys -- new'), { NAME: 'Own', FILE: outside('own.pem') });

/** Creates a key, lists it instead of the sample, and deletes the file of the sample. */
export const replaceSample =
  (orgFile: string): Step =>
  async (files, finding) => {
    const after = await createKey(files, finding);
    return deleteFile(applyEdits(after, { [orgFile]: [['Certificate:Sample', 'Certificate:Own']] }), finding.file);
  };

/** Adds the entry of the fix to an org file. */
export const accept = (rule: string): Instruction => ({
  rule,
  says: `"accept": [{ "rule": "${rule}", "reason": "..." }]`,
  accepted: true,
  step: (files, { fix }) => {
    const [entry = ''] = /"accept": \[.*?\]/.exec(fix) ?? [];
    return applyEdits(files, { [FILE.prod]: [['"kind"', `${entry}, "kind"`]] });
  },
});

/** Adds the line of the fix to both org files. */
export const addExisting: Step = (files, { fix }) => {
  const [, line = ''] = /: ("existing": \[.*?\])\.$/.exec(fix) ?? [];
  const edits = [['"kind"', `${line}, "kind"`]] as const;
  return applyEdits(files, { [FILE.dev]: edits, [FILE.prod]: edits });
};

export const setVersion =
  (version: string): Step =>
  (files) => ({ ...files, [FILE.project]: (files[FILE.project] ?? '').replace(/"\d+\.0"/, `"${version}"`) });

export const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
export const KEYSET_ITEM = /<publicKeyCertificateSetKeys>.*?<\/publicKeyCertificateSetKeys>\n/gs;
export const AUTHORIZATIONS = /<messagingAuthorizations>.*?<\/messagingAuthorizations>/gs;

/** Sets members of the JSON web key of the third key. */
export const setMembers =
  (members: Jwk): Step =>
  (files) => {
    const jwk = JSON.parse(JWK_TEXT.exec(files[FILE.keyC] ?? '')?.[1] ?? '') as Jwk;
    return { ...files, [FILE.keyC]: key({ ...jwk, ...members }) };
  };

/** Writes the third key as one JSON object. */
export const writeThirdKey: Step = async (files) => ({
  ...files,
  [FILE.keyC]: key({ ...(await publicJwk(keyPair('third'))), kid: 'third' }),
});

/** Creates a key, lists it instead of the third key, and deletes the file of the third key. */
export const exchangeKey: Step = async (files, finding) => {
  const after = await createKey(files, finding);
  return deleteFile(applyEdits(after, { [FILE.spare]: [['Key_C', 'Own']] }), FILE.keyC);
};

export const setMinutes =
  (file: string, users: string, minutes: string): Step =>
  (files) => ({
    ...files,
    [file]: (files[file] ?? '').replace(new RegExp(`(<${users}Jwt\\w+>)[^<]*`), `$1${minutes}`),
  });

export const setEndpoint =
  (url: string): Step =>
  (files) => ({
    ...files,
    [FILE.spareFetched]: (files[FILE.spareFetched] ?? '').replace(/(<jwksEndPoint>)[^<]*/, `$1${url}`),
  });

/** Lists the component of the fix under "existing" of each org file that lacks it. */
export const listExisting: Step = (files, { fix }) => {
  const [, component = ''] = /list "(.*?)" under "existing"/.exec(fix) ?? [];
  const list = (file: string): string => {
    const org = JSON.parse(files[file] ?? '') as { existing?: readonly string[] };
    return JSON.stringify({ ...org, existing: [...new Set([...(org.existing ?? []), component])] });
  };
  return { ...files, [FILE.dev]: list(FILE.dev), [FILE.prod]: list(FILE.prod) };
};

/** Sets the line of the fix in sfdx-project.json. */
export const declareVersion: Step = (files, { fix }) => {
  const [line = ''] = /"sourceApiVersion": "[^"]*"/.exec(fix) ?? [];
  const project = JSON.parse(files[FILE.project] ?? '') as object;
  return { ...files, [FILE.project]: JSON.stringify({ ...project, ...(JSON.parse(`{${line}}`) as object) }) };
};

/** Overrides the endpoint in the org file that the fix names. */
export const overrideEndpoint: Step = (files, { fix }) => {
  const [, file = ''] = /edit (\S+)\. To accept/.exec(fix) ?? [];
  const org = JSON.parse(files[file] ?? '') as { overrides: object };
  const Fetched = {
    jwksEndPoint: 'https://login.prod.example.com/jwks.json',
    jwtIssuer: 'https://login.prod.example.com',
  };
  const overrides = { ...org.overrides, PublicKeyCertificateSet: { Fetched } };
  return { ...files, [file]: JSON.stringify({ ...org, overrides }) };
};

export const setHandler = edit({
  [FILE.web]: [['</MessagingChannel>', '<sessionHandlerType>Queue</sessionHandlerType></MessagingChannel>']],
});

/** Turns user verification on in the unverified channel, with the keyset of each org. */
export const verifyGuests: Step = (files) => {
  const prod = JSON.parse(files[FILE.prod] ?? '') as { overrides: { MessagingChannel: Record<string, unknown> } };
  prod.overrides.MessagingChannel['Guest'] = prod.overrides.MessagingChannel['Web'];
  const verified = (files[FILE.guest] ?? '').replace(/>(?:UnAuth|Auth)<.*/, `>Auth</authMode>\n${AUTHORIZATION}`);
  return { ...files, [FILE.guest]: verified, [FILE.prod]: JSON.stringify(prod) };
};

/** Changes the keyset with the endpoint to one with an uploaded key. */
export const uploadKeys: Step = (files) => {
  const item =
    '<publicKeyCertificateSetKeys><publicKeyCertificate>Key_C</publicKeyCertificate></publicKeyCertificateSetKeys>';
  const text = (files[FILE.spareFetched] ?? '')
    .replace(/<jwksEndPoint>.*\n/, '')
    .replace('<type>JWKS_URL', `${item}\n<type>JWKS`);
  return { ...files, [FILE.spareFetched]: text };
};

/** Replaces the placeholder of a file with the content of another one. */
export const replaceTenant: Step = (files) => {
  const project = JSON.parse(files[FILE.project] ?? '') as object;
  const replacement = { filename: FILE.spareFetched, stringToReplace: '{tenant}', replaceWithFile: 'tenant.txt' };
  return { ...files, 'tenant.txt': 't1', [FILE.project]: JSON.stringify({ ...project, replacements: [replacement] }) };
};
