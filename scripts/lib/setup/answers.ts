import type { Context } from '../cli';
import { hasSecret } from '../cli/sanitize';
import { asToolError, EXIT, invalidFlagError, ToolError } from '../errors';
import { assertDeveloperName } from '../keys/source-files';
import { closestMatch } from '../metadata';
import {
  componentsOf,
  trustedKeysetNames,
  npmRun,
  parseKey,
  sfCommand,
  type ComponentMap,
  type ComponentType,
} from '../model';
import type { ProjectFiles } from '../project';
import { siteOrigin, siteProblem } from '../project/site-origin';
import type { SetupFlags } from './flags';

/** Where the public keys come from. */
export type KeyAnswer =
  | { readonly from: 'new'; readonly name: string; readonly privateKey: string }
  | { readonly from: 'file'; readonly name: string; readonly certificate: string }
  | { readonly from: 'source'; readonly name: string }
  | { readonly from: 'endpoint'; readonly url: string }
  | { readonly from: 'provider'; readonly url: string };

export interface Answers {
  readonly alias: string;
  /** Undefined with a provider, whose discovery document contains it. */
  readonly issuer?: string;
  readonly key: KeyAnswer;
  readonly channels: readonly string[];
  /** Those of the channels that source doesn't contain yet. */
  readonly newChannels: readonly NewChannel[];
  readonly sites: readonly string[];
}

/** A channel to write to source. */
export interface NewChannel {
  readonly name: string;
  readonly queue: string;
}

/** Answers from an earlier setup, or from source. */
export interface KnownAnswers {
  readonly issuer?: string;
  /** The key or the JWKS endpoint of the keyset. */
  readonly key?: KeyAnswer;
  readonly channels: readonly string[];
  readonly sites: readonly string[];
}

type Asking = Pick<Context<SetupFlags>, 'ask' | 'confirm' | 'flags' | 'log'>;

export interface Question {
  readonly flag: string;
  /** The value of the flag. */
  readonly value: string | undefined;
  readonly text: string;
  /** The answer if the user only presses Enter. */
  readonly fallback?: string | undefined;
  /** Throws if an answer can't be used. */
  readonly check?: (answer: string) => void;
}

/** A user who gives this many wrong answers wants to leave. */
const MAX_ATTEMPTS = 3;

/**
 * The value of a flag, or the answer of the user, who is asked again after a wrong one. Throws the error of the last answer, and
 * `invalid-flag` if there is neither a flag nor a terminal.
 */
export async function answer(context: Asking, question: Question): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const text = question.value ?? (await ask(context, question));
      question.check?.(text);
      return text;
    } catch (thrown) {
      const error = asToolError(thrown);
      if (question.value !== undefined || !context.ask || attempt === MAX_ATTEMPTS) throw error;
      context.log(`${error.what} ${error.why}`);
    }
  }
}

async function ask({ ask, flags }: Asking, { flag, text, fallback }: Question): Promise<string> {
  const given = (await ask?.(fallback === undefined ? text : `${text} [${fallback}]`)) ?? '';
  if (given !== '') return given;
  if (fallback !== undefined) return fallback;
  throw invalidFlagError(
    `${flag} is missing. Nothing was written.`,
    ask ? 'The answer is empty.' : "The terminal isn't interactive, so the command can't ask.",
    `Specify ${flag}. To see all flags: ${flags.verb === undefined ? npmRun('setup', '--help') : npmRun('setup', flags.verb, '--help')}`,
  );
}

interface NameQuestion extends Omit<Question, 'check'> {
  readonly type: 'Queue' | 'PublicKeyCertificate' | 'PublicKeyCertificateSet';
  readonly names: readonly string[];
  /** How to create such a component. */
  readonly fix: string;
}

/** Asks for one of the names. The default is the given one, or the first. Without names, a queue can have any name: an org may have it. */
export const askName = (context: Asking, { type, names, fix, ...question }: NameQuestion): Promise<string> =>
  answer(context, {
    ...question,
    text: `${question.text} (${names.join(', ') || 'none in source'}):`,
    fallback: question.fallback ?? names[0],
    check: (name) => {
      if (type === 'Queue' && names.length === 0) return assertDeveloperName(name, 'queue');
      if (names.includes(name)) return;
      throw new ToolError(
        'unknown-component',
        { what: `Source has no ${type} ${name}. Nothing was written.`, why: 'The new component refers to it.', fix },
        { exit: EXIT.invalid },
      );
    },
  });

/** Asks for the queue that receives the conversations of a channel: one of the source, or one that an org file lists. */
export function askQueue(context: Asking, { source, orgFiles }: ProjectFiles, value?: string): Promise<string> {
  const existing = orgFiles.orgs.flatMap((org) => org.existing.map(parseKey));
  const others = existing.flatMap(({ type, fullName }) => (type === 'Queue' ? [fullName] : []));
  return askName(context, {
    flag: '--queue',
    value,
    text: 'Queue that receives the conversations; a deploy creates those in source',
    type: 'Queue',
    names: [...new Set([...namesOf(source.components, 'Queue'), ...others])],
    fix: `Retrieve it: ${sfCommand('project', 'retrieve', 'start', '--metadata', `Queue:${value ?? 'NAME'}`, '--target-org', 'ALIAS')}`,
  });
}

export const namesOf = (source: ComponentMap, type: ComponentType): readonly string[] =>
  componentsOf(source, type).map(({ fullName }) => fullName);

/** Asks for the alias of the login, which is also the name of the org file. */
export async function askAlias(context: Asking): Promise<string> {
  const { org } = context.flags;
  return answer(context, {
    flag: '--org',
    value: org[0],
    text: 'Alias for the login and the org file, such as mysandbox:',
    check: (alias) => {
      if (org.length < 2 && /^[A-Za-z0-9][\w.@-]*$/.test(alias)) return;
      throw invalidFlagError(
        org.length > 1 ? 'setup takes one org at a time.' : `"${alias}" isn't a valid alias.`,
        'The alias is the name of an org file.',
        'Specify one alias with letters, digits, _, -, ., and @.',
      );
    },
  });
}

/** Asks what only the user knows. */
export async function askAll(
  context: Asking,
  alias: string,
  known: KnownAnswers,
  files: ProjectFiles,
): Promise<Answers> {
  const key = await askKey(context, alias, known);
  if (key.from === 'provider' && (context.flags.issuer ?? context.flags.key) !== undefined)
    throw invalidFlagError(
      '--provider excludes --issuer and --key. Nothing was written.',
      'The issuer and the keys are those of the provider.',
      'Omit them, or omit --provider.',
    );
  return {
    alias,
    key,
    ...(key.from !== 'provider' && { issuer: await askIssuer(context, known) }),
    ...(await askChannels(context, known, files)),
    sites: await askSites(context, known),
  };
}

/** The issuer is written to source, so it must be one line of text, and no secret. */
export async function askIssuer(context: Asking, known: Pick<KnownAnswers, 'issuer'> = {}): Promise<string> {
  return answer(context, {
    flag: '--issuer',
    value: context.flags.issuer,
    text: 'Issuer, the exact value of iss in your tokens, such as https://id.example.com:',
    fallback: known.issuer,
    check: assertIssuer,
  });
}

function assertIssuer(issuer: string): void {
  if (hasSecret(issuer) || /\p{Cc}/u.test(issuer))
    throw invalidFlagError(
      'The issuer contains a secret or a control character. Nothing was written.',
      'It is the value of iss in your tokens, such as a URL, and it is stored in source.',
      'Specify --issuer with the exact value of iss.',
    );
  if (issuer === issuer.trim()) return;
  throw invalidFlagError(
    'The issuer has whitespace around it.',
    'Salesforce compares it byte for byte.',
    'Specify --issuer without it.',
  );
}

const KEY_QUESTION =
  'Public key: 1 = create a key pair, 2 = certificate of your token service, 3 = identity provider with a JWKS endpoint:';

async function askKey(context: Asking, alias: string, known: KnownAnswers): Promise<KeyAnswer> {
  const { flags } = context;
  const name = flags.key ?? `Chat_${alias.replace(/\W+/g, '_').replace(/_+/g, '_').replace(/_$/, '')}`;
  const given = [flags.privateKey, flags.certificate, flags.provider].filter((value) => value !== undefined);
  if (given.length > 1)
    throw invalidFlagError(
      '--private-key, --certificate, and --provider exclude each other.',
      'A keyset has one source of keys.',
      'Specify one of them.',
    );
  if (flags.privateKey !== undefined) return { from: 'new', name, privateKey: flags.privateKey };
  if (flags.certificate !== undefined) return { from: 'file', name, certificate: flags.certificate };
  if (flags.provider !== undefined) return { from: 'provider', url: flags.provider };
  if (known.key !== undefined) return known.key;
  const choice = await answer(context, {
    flag: '--private-key, --certificate, or --provider',
    value: undefined,
    text: KEY_QUESTION,
    check: (text) => {
      if (['1', '2', '3'].includes(text)) return;
      throw invalidFlagError(`"${text}" isn't 1, 2, or 3.`, 'The question has 3 answers.', 'Answer 1, 2, or 3.');
    },
  });
  const askFor = (flag: string, text: string, fallback?: string): Promise<string> =>
    answer(context, { flag, value: undefined, text, fallback });
  if (choice === '3') return { from: 'provider', url: await askFor('--provider', 'URL of the provider:') };
  if (choice === '2')
    return { from: 'file', name, certificate: await askFor('--certificate', 'File of the certificate or public key:') };
  const privateKey = await askFor('--private-key', 'New file for the private key, outside of git:', `../${name}.pem`);
  return { from: 'new', name, privateKey };
}

async function askChannels(
  context: Asking,
  known: KnownAnswers,
  files: ProjectFiles,
): Promise<Pick<Answers, 'channels' | 'newChannels'>> {
  const source = files.source.components;
  const names = namesOf(source, 'MessagingChannel');
  const fallback = known.channels.length > 0 ? known.channels : verifiedChannels(source);
  const text = await answer(context, {
    flag: '--channel',
    value: context.flags.channel?.join(','),
    text: `Channels, separated by commas: those in source (${names.join(', ')}), or new names:`,
    fallback: fallback.join(','),
    check: (list) => assertChannels(context, listOf(list), names),
  });
  const channels = listOf(text);
  const newChannels: NewChannel[] = [];
  for (const name of channels.filter((each) => !names.includes(each))) {
    if (!(await context.confirm(`Source has no channel ${name}. Create it in source, with a Web chat deployment?`)))
      throw unknownChannelError(name, names);
    newChannels.push({ name, queue: await askQueue(context, files) });
  }
  return { channels, newChannels };
}

/** Only an answer can name a new channel: a flag can contain a typing error that nobody sees. */
function assertChannels({ flags, ask }: Asking, channels: readonly string[], names: readonly string[]): void {
  if (channels.length === 0)
    throw invalidFlagError('--channel is missing.', 'An org needs at least one channel.', 'Specify --channel.');
  const unknown = channels.filter((name) => !names.includes(name));
  const [first] = unknown;
  if (first !== undefined && (flags.channel !== undefined || !ask)) throw unknownChannelError(first, names);
  unknown.forEach((name) => assertDeveloperName(name, 'channel'));
}

const unknownChannelError = (name: string, names: readonly string[]): ToolError =>
  new ToolError('unknown-component', {
    what: `Source has no channel ${name}. Nothing was written.`,
    why: names.length === 0 ? 'It has no channel.' : `Its channels: ${names.join(', ')}.`,
    fix: suggestionFor(name, names),
  });

function suggestionFor(name: string, names: readonly string[]): string {
  const match = closestMatch(name, names);
  return match === undefined
    ? `Add it: ${npmRun('setup', 'channel', name)}. Or import it: ${npmRun('import', '--org', 'ORG')}`
    : `Did you mean ${match}?`;
}

/** The keyset of the first channel with user verification. */
export const keysetOf = (components: ComponentMap, channels: readonly string[]): string | undefined =>
  channels.flatMap((name) => {
    const channel = components.get(`MessagingChannel:${name}`);
    return channel ? trustedKeysetNames(channel) : [];
  })[0];

/** The channels of the source with user verification. */
export const verifiedChannels = (source: ComponentMap): readonly string[] =>
  componentsOf(source, 'MessagingChannel')
    .filter((channel) => trustedKeysetNames(channel).length > 0)
    .map(({ fullName }) => fullName);

async function askSites(context: Asking, known: KnownAnswers): Promise<readonly string[]> {
  const text = await answer(context, {
    flag: '--site',
    value: context.flags.site?.join(','),
    text: 'Origins of the pages with chat, separated by commas, such as https://shop.example.com (none: -):',
    fallback: known.sites.join(',') || '-',
    check: (sites) => void originsOf(sites),
  });
  return originsOf(text);
}

const originsOf = (text: string): readonly string[] =>
  listOf(text === '-' ? '' : text).map((site) => {
    const origin = siteOrigin(site);
    if (origin !== undefined) return origin;
    throw invalidFlagError(`"${site}" isn't the origin of a site.`, `It ${siteProblem(site)}.`, 'Correct --site.');
  });

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
