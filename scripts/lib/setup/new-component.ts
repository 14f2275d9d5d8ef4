import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Context } from '../cli';
import { EXIT, invalidFlagError, ToolError, type ExitCode } from '../errors';
import { previewText } from '../import/preview';
import { assertDeveloperName, componentFilePath, writeEdits } from '../keys/source-files';
import { writeXml } from '../metadata';
import { componentsOf, leaf, npmRun, parent, pluralize, type ComponentMap, type Element } from '../model';
import { readSource } from '../project';
import { serializeDocument } from '../report/result-document';
import { checkEndpoint } from '../rules/endpoint';
import { answer, askIssuer } from './answers';
import type { SetupFlags } from './flags';
import { keysetElement, type FileEdits } from './setup-files';

/** Writes a channel with its chat deployment, or a keyset, to source. Contacts no org. Existing files are never changed. */
export async function addComponent(context: Context<SetupFlags>): Promise<ExitCode> {
  const { flags, layout, print } = context;
  const name = flags.name ?? '';
  assertDeveloperName(name, flags.verb ?? 'component');
  assertOwnFlags(flags);
  const source = readSource(flags.project).components;
  const edits =
    flags.verb === 'keyset' ? await keysetEdits(context, name, source) : await channelEdits(context, name, source);
  const existing = existingFile(flags.project, source, edits);
  if (existing !== undefined) throw existsError(existing);
  print(
    `${previewText(
      layout,
      [...edits].map(([path, after]) => ({ path, before: undefined, after: after ?? '' })),
    )}\n`,
  );
  const confirmed =
    flags.yes === true || (context.interactive && (await context.confirm(`Write ${pluralize(edits.size, 'file')}?`)));
  if (confirmed) writeEdits(flags.project, edits);
  print(confirmed ? nextStep(flags, name) : 'Nothing was written. To write the files, add --yes.');
  const exitCode = confirmed ? EXIT.done : EXIT.changes;
  context.printJson(
    serializeDocument({ command: 'setup', exitCode, findings: [], files: [...edits.keys()], written: confirmed }),
  );
  return exitCode;
}

/** The flags of `setup` that each subcommand uses. */
const OWN_FLAGS = {
  channel: ['keyset', 'queue', 'unverified', 'type'],
  keyset: ['issuer', 'key', 'endpoint'],
} as const;

/** Throws `invalid-flag` for a flag that only another form of `setup` uses: ignoring it would write another component than asked. */
function assertOwnFlags(flags: Context<SetupFlags>['flags']): void {
  const { verb = 'channel' } = flags;
  const own: readonly string[] = [...OWN_FLAGS[verb], 'verb', 'name', 'yes', 'project', 'json', 'debug'];
  const isGiven = (value: unknown): boolean =>
    Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  const other = Object.entries(flags).find(([flag, value]) => isGiven(value) && !own.includes(flag))?.[0];
  if (other === undefined) return;
  throw invalidFlagError(
    `setup ${verb} doesn't use --${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}. Nothing was written.`,
    `It writes only a ${verb} to source.`,
    `To see its flags: ${npmRun('setup', verb, '--help')}`,
  );
}

/** A file that the edits would replace, or the component that an org takes for the same: it compares names without case. */
function existingFile(project: string, source: ComponentMap, edits: FileEdits): string | undefined {
  const known = [...source.values()].flatMap(({ root }) => root.origin?.file ?? []);
  const files = new Map(known.map((file) => [basename(file).toLowerCase(), file]));
  return [...edits.keys()]
    .map((file) => (existsSync(join(project, file)) ? file : files.get(basename(file).toLowerCase())))
    .find((file) => file !== undefined);
}

const nextStep = ({ verb }: SetupFlags, name: string): string =>
  verb === 'keyset'
    ? `Wrote the keyset ${name}. To use it in a channel: ${npmRun('setup', 'channel', 'NAME', '--keyset', name)}`
    : `Wrote the channel ${name}. Add it to "channels" of an org file, then run: ${npmRun('check')}`;

const existsError = (file: string): ToolError =>
  new ToolError(
    'already-exists',
    {
      what: `${file} already exists. Nothing was written.`,
      why: 'Existing source is never overwritten.',
      fix: 'Use another name, or edit the file.',
    },
    { exit: EXIT.invalid },
  );

const ENDPOINT_WHY = 'Salesforce reads the JWKS document at this URL.';

const excludeError = (flags: string, why: string): ToolError =>
  invalidFlagError(`${flags} exclude each other. Nothing was written.`, why, 'Specify one of them.');

async function keysetEdits(context: Context<SetupFlags>, name: string, source: ComponentMap): Promise<FileEdits> {
  const { flags } = context;
  if (flags.endpoint !== undefined && flags.key !== undefined)
    throw excludeError('--endpoint and --key', 'A keyset has one source of keys.');
  const issuer = await askIssuer(context);
  const file = componentFilePath(flags.project, source, 'PublicKeyCertificateSet', name);
  if (flags.endpoint !== undefined) {
    const root = keysetElement(name, { issuer, endpoint: flags.endpoint });
    const [problem] = checkEndpoint({ type: 'PublicKeyCertificateSet', fullName: name, root });
    if (problem) throw invalidFlagError(`${problem.message} Nothing was written.`, ENDPOINT_WHY, 'Correct --endpoint.');
    return new Map([[file, writeXml(root)]]);
  }
  const key = await answer(
    context,
    '--key or --endpoint',
    flags.key,
    'Key of the source:',
    onlyName(source, 'PublicKeyCertificate'),
  );
  assertInSource(source, 'PublicKeyCertificate', key, npmRun('keys', 'new', 'NAME', '--private-key', 'FILE'));
  return new Map([[file, writeXml(keysetElement(name, { issuer, key }))]]);
}

async function channelEdits(context: Context<SetupFlags>, name: string, source: ComponentMap): Promise<FileEdits> {
  const { flags } = context;
  const queue = await answer(context, '--queue', flags.queue, 'Queue:', onlyName(source, 'Queue'));
  assertDeveloperName(queue, 'queue');
  if (flags.unverified === true && flags.keyset !== undefined)
    throw excludeError('--unverified and --keyset', 'A keyset verifies users.');
  const keyset =
    flags.unverified === true
      ? undefined
      : await answer(context, '--keyset', flags.keyset, 'Keyset:', onlyName(source, 'PublicKeyCertificateSet'));
  if (keyset !== undefined)
    assertInSource(source, 'PublicKeyCertificateSet', keyset, npmRun('setup', 'keyset', 'NAME'));
  return new Map([
    [
      componentFilePath(flags.project, source, 'MessagingChannel', name),
      writeXml(channelElement(name, queue, keyset, source)),
    ],
    [
      componentFilePath(flags.project, source, 'EmbeddedServiceConfig', name),
      writeXml(chatDeploymentElement(name, flags.type ?? 'Web', keyset === undefined)),
    ],
  ]);
}

type SourceType =
  'Queue' | 'PublicKeyCertificate' | 'PublicKeyCertificateSet' | 'MessagingChannel' | 'EmbeddedServiceConfig';

function onlyName(source: ComponentMap, type: SourceType): string | undefined {
  const [first, second] = componentsOf(source, type);
  return second === undefined ? first?.fullName : undefined;
}

function assertInSource(source: ComponentMap, type: SourceType, name: string, command: string): void {
  if (source.has(`${type}:${name}`)) return;
  throw new ToolError(
    'unknown-component',
    {
      what: `Source has no ${type} ${name}. Nothing was written.`,
      why: 'The new component refers to it.',
      fix: `Create it: ${command}`,
    },
    { exit: EXIT.invalid },
  );
}

/**
 * An Enhanced Chat channel (Metadata API guide, MessagingChannel). One keyset has one Configuration Name in an org, so that of
 * another channel with the keyset is used.
 */
function channelElement(name: string, queue: string, keyset: string | undefined, source: ComponentMap): Element {
  const authorization =
    keyset === undefined
      ? []
      : [
          parent('messagingAuthorizations', [
            leaf('authIdentifier', configurationNameOf(source, keyset)),
            leaf('authorizationType', 'PublicKeyCertificateSet'),
            leaf('enabled', 'true'),
            leaf('publicKeyCertificateSetName', keyset),
          ]),
        ];
  return parent('MessagingChannel', [
    parent('embeddedConfig', [
      leaf('anonymousUserJwtExpirationTime', '360'),
      leaf('authMode', keyset === undefined ? 'UnAuth' : 'Auth'),
      ...authorization,
      leaf('verifiedUserJwtExpirationTime', '60'),
    ]),
    leaf('masterLabel', name.replaceAll('_', ' ')),
    leaf('messagingChannelType', 'EmbeddedMessaging'),
    leaf('sessionHandlerQueue', queue),
    leaf('sessionHandlerType', 'Queue'),
  ]);
}

function configurationNameOf(source: ComponentMap, keyset: string): string {
  const items = componentsOf(source, 'MessagingChannel').flatMap(({ root }) =>
    root.children.filter(({ name }) => name === 'embeddedConfig').flatMap(({ children }) => children),
  );
  const value = (item: Element, name: string): string | undefined =>
    item.children.find((each) => each.name === name)?.text;
  const known = items.find((item) => value(item, 'publicKeyCertificateSetName') === keyset);
  return (known && value(known, 'authIdentifier')) ?? keyset;
}

const FALSE_FLAGS = [
  'isChatInvitationCustomizable',
  'isInvitationEnabled',
  'isSendInvtAllowedAfterAccept',
  'isSendInvtAllowedAfterReject',
];

/** A chat deployment (Metadata API guide, EmbeddedServiceConfig), with the values of the samples of this project. */
const chatDeploymentElement = (name: string, type: string, guests: boolean): Element =>
  parent('EmbeddedServiceConfig', [
    leaf('areGuestUsersAllowed', String(guests)),
    leaf('deploymentFeature', 'EmbeddedMessaging'),
    leaf('deploymentType', type),
    parent('embeddedServiceMessagingChannel', [
      ...FALSE_FLAGS.slice(0, 1).map((flag) => leaf(flag, 'false')),
      leaf('isEnabled', 'true'),
      ...FALSE_FLAGS.slice(1).map((flag) => leaf(flag, 'false')),
      leaf('messagingChannel', name),
      leaf('shouldShowAgentforceTagline', 'false'),
      leaf('shouldShowDeliveryReceipts', 'true'),
      leaf('shouldShowEmojiSelection', 'true'),
      leaf('shouldShowReadReceipts', 'true'),
      leaf('shouldShowTypingIndicators', 'true'),
      leaf('shouldStartNewLineOnEnter', 'false'),
    ]),
    leaf('isEnabled', 'true'),
    leaf('isTermsAndConditionsEnabled', 'false'),
    leaf('isTermsAndConditionsRequired', 'false'),
    leaf('masterLabel', name.replaceAll('_', ' ')),
    leaf('shouldHideAuthDialog', 'false'),
  ]);
