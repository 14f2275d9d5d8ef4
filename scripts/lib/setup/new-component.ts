import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Context } from '../cli';
import { EXIT, invalidFlagError, ToolError, type ExitCode } from '../errors';
import { previewText } from '../import/preview';
import { assertDeveloperName, componentFilePath, writeEdits } from '../keys/source-files';
import { writeXml } from '../metadata';
import { componentsOf, leaf, npmRun, parent, pluralize, type ComponentMap, type Element } from '../model';
import { readProjectFiles, type ProjectFiles } from '../project';
import { serializeDocument } from '../report/result-document';
import { checkEndpoint } from '../rules/endpoint';
import { askIssuer, askName, askQueue, keysetOf, namesOf, verifiedChannels } from './answers';
import type { SetupFlags } from './flags';
import { keysetElement, SAMPLE_ORG_IDS, type FileEdits } from './setup-files';

/** Writes a channel with its chat deployment, or a keyset, to source. Contacts no org. Existing files are never changed. */
export async function addComponent(context: Context<SetupFlags>): Promise<ExitCode> {
  const { flags, layout, print } = context;
  const name = flags.name ?? '';
  assertDeveloperName(name, flags.verb ?? 'component');
  assertOwnFlags(flags);
  const files = readProjectFiles(flags.project);
  const source = files.source.components;
  const edits =
    flags.verb === 'keyset' ? await keysetEdits(context, name, source) : await channelEdits(context, name, files);
  assertNewFiles(flags.project, source, edits);
  print(
    `${previewText(
      layout,
      [...edits].map(([path, after]) => ({ path, before: undefined, after: after ?? '' })),
    )}\n`,
  );
  const confirmed =
    flags.yes === true || (context.interactive && (await context.confirm(`Write ${pluralize(edits.size, 'file')}?`)));
  if (confirmed) writeEdits(flags.project, edits);
  print(confirmed ? nextStep(flags.verb, name, files) : 'Nothing was written. To write the files, add --yes.');
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

/**
 * Throws `already-exists` if the edits would replace a file, or a component that an org takes for the same: it compares names
 * without case.
 */
export function assertNewFiles(project: string, source: ComponentMap, edits: FileEdits): void {
  const known = [...source.values()].flatMap(({ root }) => root.origin?.file ?? []);
  const files = new Map(known.map((file) => [basename(file).toLowerCase(), file]));
  const existing = [...edits.keys()]
    .map((file) => (existsSync(join(project, file)) ? file : files.get(basename(file).toLowerCase())))
    .find((file) => file !== undefined);
  if (existing !== undefined) throw existsError(existing);
}

function nextStep(verb: SetupFlags['verb'], name: string, { orgFiles }: ProjectFiles): string {
  if (verb === 'keyset')
    return `Wrote the keyset ${name}. To use it in a channel: ${npmRun('setup', 'channel', 'NAME', '--keyset', name)}`;
  const own = orgFiles.orgs.find(({ orgId }) => !SAMPLE_ORG_IDS.has(orgId));
  const next =
    own === undefined
      ? `Set up an org with it: ${npmRun('setup', '--org', 'ALIAS')}`
      : `Add it to "channels" in ${own.file}, then run: ${npmRun('check')}`;
  return `Wrote the channel ${name}. ${next}`;
}

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
  const key = await askName(context, {
    flag: '--key or --endpoint',
    value: flags.key,
    text: 'Key',
    type: 'PublicKeyCertificate',
    names: namesOf(source, 'PublicKeyCertificate'),
    fix: `Create it: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`,
  });
  return new Map([[file, writeXml(keysetElement(name, { issuer, key }))]]);
}

async function channelEdits(context: Context<SetupFlags>, name: string, files: ProjectFiles): Promise<FileEdits> {
  const { flags } = context;
  if (flags.unverified === true && flags.keyset !== undefined)
    throw excludeError('--unverified and --keyset', 'A keyset verifies users.');
  const source = files.source.components;
  const queue = await askQueue(context, files, flags.queue);
  const keyset = flags.unverified === true ? undefined : await askKeyset(context, source);
  return channelFiles(flags.project, source, { name, queue, keyset, type: flags.type ?? 'Web' });
}

const askKeyset = (context: Context<SetupFlags>, source: ComponentMap): Promise<string> =>
  askName(context, {
    flag: '--keyset',
    value: context.flags.keyset,
    text: 'Keyset that verifies tokens',
    fallback: keysetOf(source, verifiedChannels(source)),
    type: 'PublicKeyCertificateSet',
    names: namesOf(source, 'PublicKeyCertificateSet'),
    fix: `Create it: ${npmRun('setup', 'keyset', 'NAME')}`,
  });

/** The values of a new channel and its chat deployment. Without a keyset, it doesn't verify users. */
interface ChannelInput {
  readonly name: string;
  readonly queue: string;
  readonly keyset: string | undefined;
  readonly type: string;
}

/** The files of a channel and its chat deployment. */
export const channelFiles = (
  project: string,
  source: ComponentMap,
  { name, queue, keyset, type }: ChannelInput,
): FileEdits =>
  new Map([
    [
      componentFilePath(project, source, 'MessagingChannel', name),
      writeXml(channelElement(name, queue, keyset, source)),
    ],
    [
      componentFilePath(project, source, 'EmbeddedServiceConfig', name),
      writeXml(chatDeploymentElement(name, type, keyset === undefined)),
    ],
  ]);

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
