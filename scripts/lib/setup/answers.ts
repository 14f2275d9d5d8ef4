import type { Context } from '../cli';
import { hasSecret } from '../cli/sanitize';
import { invalidFlagError, ToolError } from '../errors';
import { closestMatch } from '../metadata';
import { componentsOf, trustedKeysetNames, npmRun, type ComponentMap } from '../model';
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
  readonly sites: readonly string[];
}

/** Answers from an earlier setup, or from source. */
export interface KnownAnswers {
  readonly issuer?: string;
  /** The key or the JWKS endpoint of the keyset. */
  readonly key?: KeyAnswer;
  readonly channels: readonly string[];
  readonly sites: readonly string[];
}

type Asking = Pick<Context<SetupFlags>, 'ask' | 'flags'>;

/** The value of a flag, the answer of the user, or the default. Throws `invalid-flag` if there is none of them. */
export async function answer(
  { ask }: Asking,
  flag: string,
  value: string | undefined,
  question: string,
  fallback?: string,
): Promise<string> {
  if (value !== undefined) return value;
  const text = (await ask?.(fallback === undefined ? question : `${question} [${fallback}]`)) ?? '';
  if (text !== '') return text;
  if (fallback !== undefined) return fallback;
  throw invalidFlagError(
    `${flag} is missing. Nothing was written.`,
    ask ? 'The answer is empty.' : "The terminal isn't interactive, so the command can't ask.",
    `Specify ${flag}. To see all flags: ${npmRun('setup', '--help')}`,
  );
}

/** Asks for the alias of the login, which is also the name of the org file. */
export async function askAlias(context: Asking): Promise<string> {
  const alias = await answer(
    context,
    '--org',
    context.flags.org[0],
    'Alias for the login and the org file, such as mysandbox:',
  );
  if (context.flags.org.length < 2 && /^[A-Za-z0-9][\w.@-]*$/.test(alias)) return alias;
  throw invalidFlagError(
    context.flags.org.length > 1 ? 'setup takes one org at a time.' : `"${alias}" isn't a valid alias.`,
    'The alias is the name of an org file.',
    'Specify one alias with letters, digits, _, -, ., and @.',
  );
}

/** Asks what only the user knows. */
export async function askAll(
  context: Asking,
  alias: string,
  known: KnownAnswers,
  source: ComponentMap,
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
    channels: await askChannels(context, known, source),
    sites: await askSites(context, known),
  };
}

/** The issuer is written to source, so it must be one line of text, and no secret. */
export async function askIssuer(context: Asking, known: Pick<KnownAnswers, 'issuer'> = {}): Promise<string> {
  const issuer = await answer(
    context,
    '--issuer',
    context.flags.issuer,
    'Issuer, the exact value of iss in your tokens:',
    known.issuer,
  );
  if (hasSecret(issuer) || /\p{Cc}/u.test(issuer))
    throw invalidFlagError(
      'The issuer contains a secret or a control character. Nothing was written.',
      'It is the value of iss in your tokens, such as a URL, and it is stored in source.',
      'Specify --issuer with the exact value of iss.',
    );
  if (issuer === issuer.trim()) return issuer;
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
  const choice = await answer(context, '--private-key, --certificate, or --provider', undefined, KEY_QUESTION);
  if (choice === '3')
    return { from: 'provider', url: await answer(context, '--provider', undefined, 'URL of the provider:') };
  if (choice === '2')
    return {
      from: 'file',
      name,
      certificate: await answer(context, '--certificate', undefined, 'File of the certificate or public key:'),
    };
  const file = await answer(
    context,
    '--private-key',
    undefined,
    'New file for the private key, outside of git:',
    `../${name}.pem`,
  );
  return { from: 'new', name, privateKey: file };
}

async function askChannels(context: Asking, known: KnownAnswers, source: ComponentMap): Promise<readonly string[]> {
  const names = componentsOf(source, 'MessagingChannel').map(({ fullName }) => fullName);
  const fallback = known.channels.length > 0 ? known.channels : verifiedChannels(source);
  const text = await answer(
    context,
    '--channel',
    context.flags.channel?.join(','),
    `Channels (${names.join(', ')}), separated by commas:`,
    fallback.join(','),
  );
  const channels = listOf(text);
  const unknown = channels.find((name) => !names.includes(name));
  if (unknown === undefined && channels.length > 0) return channels;
  throw new ToolError('unknown-component', {
    what: `Source has no channel ${unknown ?? ''}. Nothing was written.`,
    why: `Its channels: ${names.join(', ')}.`,
    fix: suggestionFor(unknown ?? '', names),
  });
}

function suggestionFor(name: string, names: readonly string[]): string {
  const match = closestMatch(name, names);
  return match === undefined
    ? `Add a channel: ${npmRun('setup', 'channel', 'NAME')}. Or import it: ${npmRun('import', '--org', 'ORG')}`
    : `Did you mean ${match}?`;
}

const verifiedChannels = (source: ComponentMap): readonly string[] =>
  componentsOf(source, 'MessagingChannel')
    .filter((channel) => trustedKeysetNames(channel).length > 0)
    .map(({ fullName }) => fullName);

async function askSites(context: Asking, known: KnownAnswers): Promise<readonly string[]> {
  const question = 'Origin of the pages with chat, such as https://shop.example.com (none: -):';
  const text = await answer(context, '--site', context.flags.site?.join(','), question, known.sites.join(',') || '-');
  return listOf(text === '-' ? '' : text).map((site) => {
    const origin = siteOrigin(site);
    if (origin !== undefined) return origin;
    throw invalidFlagError(`"${site}" isn't the origin of a site.`, `It ${siteProblem(site)}.`, 'Correct --site.');
  });
}

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
