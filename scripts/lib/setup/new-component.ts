import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../cli';
import { EXIT, invalidFlagError, ToolError, type ExitCode } from '../errors';
import { previewText } from '../import/preview';
import { assertDeveloperName, componentFilePath, writeEdits } from '../keys/source-files';
import { writeXml } from '../metadata';
import { componentsOf, leaf, npmRun, parent, pluralize, type ComponentMap, type Element } from '../model';
import { readSource } from '../project';
import { serializeDocument } from '../report/result-document';
import { answer } from './answers';
import type { SetupFlags } from './flags';
import { keysetElement, type FileEdits } from './setup-files';

/** Writes a channel with its chat deployment, or a keyset, to source. Contacts no org. Existing files are never changed. */
export async function addComponent(context: Context<SetupFlags>): Promise<ExitCode> {
  const { flags, layout, print } = context;
  const name = flags.name ?? '';
  assertDeveloperName(name);
  const source = readSource(flags.project).components;
  const edits =
    flags.verb === 'keyset' ? await keysetEdits(context, name, source) : await channelEdits(context, name, source);
  const existing = [...edits.keys()].find((file) => existsSync(join(flags.project, file)));
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

async function keysetEdits(context: Context<SetupFlags>, name: string, source: ComponentMap): Promise<FileEdits> {
  const { flags } = context;
  const issuer = await answer(context, '--issuer', flags.issuer, 'Issuer, the exact value of iss in your tokens:');
  const file = componentFilePath(flags.project, source, 'PublicKeyCertificateSet', name);
  if (flags.endpoint !== undefined)
    return new Map([[file, writeXml(keysetElement(name, { issuer, endpoint: flags.endpoint }))]]);
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
  if (flags.unverified === true && flags.keyset !== undefined)
    throw invalidFlagError(
      '--unverified and --keyset exclude each other.',
      'A keyset verifies users.',
      'Specify one of them.',
    );
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
