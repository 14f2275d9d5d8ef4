import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeManifest } from '../../lib/metadata';
import { SOURCE_FOLDERS, trustGrants, type TrustGrant } from '../../lib/model';
import type { SeedFile } from '../../local-org/index';
import { TRUSTED_FILES, UNMANAGED_FILES, type Tampering } from '../lib/rollout/trust-cases';
import { componentsIn } from '../lib/rollout/trust-components';
import { uploadedKey } from '../local-org/certificates';
import type { Workspace } from './workspace';

/**
 * One tampering with its own copy of the trusted components. The names and hosts of a copy end with its number, so that one org
 * holds all copies, one deploy applies all tamperings, and each consequence names its copy.
 */
export class TrustCell {
  readonly tampering: Tampering;
  /** The files before and after the tampering, by package path. */
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  private readonly id: string;

  constructor(tampering: Tampering, index: number, keys: KeyTexts) {
    this.tampering = tampering;
    this.id = `c${String(index).padStart(2, '0')}`;
    const files = new Map(Object.entries({ ...TRUSTED_FILES, ...UNMANAGED_FILES }));
    const original = new Map(files);
    tampering.apply({ files });
    const isChatDeployment = (path: string): boolean => path.startsWith('EmbeddedServiceConfig');
    const changesChat = [...files].some(([path, text]) => isChatDeployment(path) && original.get(path) !== text);
    // Verification sends tokens to each chat deployment, so only these cells have some.
    const isUsed = (path: string): boolean => changesChat || !isChatDeployment(path);
    const rendered = (map: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
      new Map([...map].filter(([path]) => isUsed(path)).map(([path, text]) => this.render(path, text, keys)));
    this.before = rendered(original);
    this.after = rendered(files);
  }

  get channels(): readonly string[] {
    return ['Web', 'Mobile', 'App', 'Guest'].map((name) => `${name}_${this.id}`);
  }

  /** A text without the names of other cells; undefined if it is about other cells only. */
  own(text: string): string | undefined {
    return text.includes(this.id) ? text.replaceAll(`_${this.id}`, '').replaceAll(`.${this.id}.`, '.') : undefined;
  }

  /** The files that source declares, as source files. */
  declaredFiles(): readonly (readonly [path: string, text: string])[] {
    const names = new Set(Object.keys(TRUSTED_FILES).map((path) => this.rename(path)));
    return [...this.before].filter(([path]) => names.has(path));
  }

  /** The grants of the channels and Configuration Names that source declares. */
  declaredGrants(files: ReadonlyMap<string, string>): readonly string[] {
    const own = [...files].filter(([path]) => path.includes(`_${this.id}.`));
    const isDeclared = ({ channel, configurationName }: TrustGrant): boolean =>
      this.channels.includes(channel) ||
      [`customer_${this.id}`, `app_user_${this.id}`].includes(configurationName.toLowerCase());
    const grants = trustGrants(componentsIn(own)).filter(isDeclared);
    return [...new Set(grants.map((grant) => JSON.stringify(grant)))].sort();
  }

  private rename(path: string): string {
    return path.replace(/\.(?=[^.]+$)/, `_${this.id}.`);
  }

  private render(path: string, text: string, keys: KeyTexts): readonly [string, string] {
    const withKeys = withCertificate(text).replace(
      /(\w+)-(modulus|certificate)/g,
      (_, name: string, part: 'modulus' | 'certificate') => {
        const key = keys.get(name);
        assert.ok(key, `no key ${name}`);
        return key[part];
      },
    );
    const named = withKeys
      .replace(NAME_ELEMENTS, `<$1>$2_${this.id}</$1>`)
      .replace(/(?<=https:\/\/\w+)\.(?=example)/g, `.${this.id}.`)
      .replace(/"kty": ?"RSA"/, '"kty":"RSA","alg":"RS256","use":"sig"');
    const root = /^<(\w+)>/.exec(named)?.[1] ?? '';
    const complete = named
      .replace(`<${root}>`, `<${root} xmlns="http://soap.sforce.com/2006/04/metadata">`)
      .replace('</messagingChannelType>', `</messagingChannelType>${ROUTING}`)
      .replace('<deploymentType>', '<deploymentFeature>EmbeddedMessaging</deploymentFeature><deploymentType>')
      .replace('</messagingChannel></embedded', `</messagingChannel>${SWITCHES}</embedded`);
    return [this.rename(path), `<?xml version="1.0" encoding="UTF-8"?>\n${complete}\n`];
  }
}

/** A key with the certificate of its modulus: an org accepts no uploaded key without one. */
const withCertificate = (text: string): string =>
  text.includes('"x5c"')
    ? text
    : text.replace(
        /("n":"(\w+)-modulus","e":)/,
        (_, part: string, name: string) => `"x5c":["${name}-certificate"],${part}`,
      );

const NAME_ELEMENTS =
  /<(authIdentifier|publicKeyCertificateSetName|publicKeyCertificate|messagingChannel)>(\w+)<\/\1>/g;
const ROUTING =
  '<sessionHandlerQueue>Customer_Chat</sessionHandlerQueue><sessionHandlerType>Queue</sessionHandlerType>';
const SWITCHES = [
  ...['shouldShowAgentforceTagline', 'shouldShowDeliveryReceipts', 'shouldShowEmojiSelection'],
  ...['shouldShowReadReceipts', 'shouldShowTypingIndicators', 'shouldStartNewLineOnEnter'],
]
  .map((name) => `<${name}>false</${name}>`)
  .join('');

type KeyTexts = ReadonlyMap<string, Readonly<Record<'modulus' | 'certificate', string>>>;

/** The names of the keys that the tamperings use. */
const KEY_NAMES = ['a', 'retired', 'partner', 'rogue', 'idle', 'new', 'other'];

export async function createCells(tamperings: readonly Tampering[]): Promise<readonly TrustCell[]> {
  const keys = new Map(
    await Promise.all(
      KEY_NAMES.map(async (name) => {
        const { n, x5c } = await uploadedKey();
        return [name, { modulus: String(n), certificate: String((x5c as string[])[0]) }] as const;
      }),
    ),
  );
  return tamperings.map((tampering, index) => new TrustCell(tampering, index, keys));
}

/** The files of an org that is in sync with source. */
export const seedOf = (cells: readonly TrustCell[]): readonly SeedFile[] =>
  cells.flatMap(({ before }) =>
    [...before].map(([path, content]) => ({
      path,
      content,
      ...(path.startsWith('messagingChannels') && { active: true }),
    })),
  );

/** Replaces the source of a project by the declared files of the cells. */
export function writeSource(project: string, cells: readonly TrustCell[]): void {
  const source = join(project, 'force-app/main/default');
  for (const { folder } of Object.values(SOURCE_FOLDERS).filter(({ suffix }) => TRUST_SUFFIXES.includes(suffix)))
    rmSync(join(source, folder), { recursive: true, force: true });
  for (const [path, text] of cells.flatMap((cell) => cell.declaredFiles())) {
    const file = join(source, `${path}-meta.xml`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const TRUST_SUFFIXES: readonly string[] = [
  ...['messagingChannel', 'PublicKeyCertificate', 'PublicKeyCertificateSet', 'EmbeddedServiceConfig'],
];

/** Applies the tamperings of all cells with one `sf project deploy start`, as an intruder does. */
export async function tamperWithSf(workspace: Workspace, alias: string, cells: readonly TrustCell[]): Promise<void> {
  const folder = join(workspace.folder, 'tampering');
  const changed = cells.flatMap(({ before, after }) => [...after].filter(([path, text]) => before.get(path) !== text));
  const deleted = cells.flatMap(({ before, after }) => [...before.keys()].filter((path) => !after.has(path)));
  const files = [
    ...changed,
    ['package.xml', manifestOf(changed.map(([path]) => path))] as const,
    ['destructiveChangesPost.xml', manifestOf(deleted)] as const,
  ];
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await runSf(workspace, 'project:deploy:start', '--metadata-dir', folder, '--target-org', alias);
}

/** Runs a command of the sf CLI. Fails with its error. */
export async function runSf({ workers }: Workspace, command: string, ...argv: readonly string[]): Promise<void> {
  const { result, error } = await workers.run('exclusive', command, [...argv, '--json'], 120_000);
  const { details } = (result ?? {}) as { details?: { componentFailures?: unknown } };
  assert.deepEqual([error, details?.componentFailures ?? []], [undefined, []]);
}

function manifestOf(paths: readonly string[]): string {
  const members = new Map<string, string[]>();
  for (const path of paths) {
    const type = Object.entries(SOURCE_FOLDERS).find(([, { folder }]) => path.startsWith(`${folder}/`))?.[0] ?? '';
    const name = path.slice(path.indexOf('/') + 1, path.lastIndexOf('.'));
    members.set(type, [...(members.get(type) ?? []), name]);
  }
  return writeManifest(members, '67.0');
}
