import { CHAIN_STEPS, type ChainStepResult } from '../explain';
import type { ErrorDetails } from '../model';
import { formatError } from './errors';
import { escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

/** The chain of steps on each channel of one org, for one token or for any token. */
export interface OrgExplanation {
  readonly alias: string;
  readonly channels: readonly {
    readonly channel: string;
    readonly links: readonly ChainStepResult[];
    readonly broken?: ChainStepResult & { readonly state: 'failed' };
  }[];
  readonly error?: ErrorDetails;
}

/** The explanation of an input: the token in it, its known errors, and the chain of steps in each org. */
export interface TokenExplanation {
  readonly input: {
    readonly kind: 'token' | 'HTTP response' | 'JSON' | 'text';
    /** Whether the input is a token, readable or not. */
    readonly isToken: boolean;
    readonly fingerprint?: string;
    readonly header?: Readonly<Record<string, unknown>>;
    readonly claims?: Readonly<Record<string, unknown>>;
  };
  readonly symptoms: readonly {
    readonly name: string;
    readonly cause: string;
    readonly fix: string;
    readonly source: string;
  }[];
  readonly orgs: readonly OrgExplanation[];
  readonly view: 'source' | 'org';
}

/** The input, its known errors, and the steps that pass or fail in each org. */
export function explanationText(layout: TextLayout, { input, symptoms, orgs, view }: TokenExplanation): string {
  return [
    inputText(layout, input),
    ...symptoms.map(({ name, cause, fix, source }) =>
      [
        styled(layout, 'bold', `Known error: ${name}`),
        wrap(layout, '  ', escapeControls(cause)),
        wrap(layout, '  ', `Fix: ${escapeControls(fix)}`),
        styled(layout, 'dim', wrap(layout, '  ', `Source: ${source}`)),
      ].join('\n'),
    ),
    ...orgTexts(layout, orgs, view),
  ].join('\n\n');
}

const INPUT_LABELS = { token: 'A text', 'HTTP response': 'An HTTP response', JSON: 'JSON', text: 'A text' } as const;

function inputText(layout: TextLayout, { kind, fingerprint, header, claims }: TokenExplanation['input']): string {
  const title = fingerprint === undefined ? `${INPUT_LABELS[kind]} without a readable token.` : `Token ${fingerprint}`;
  const expiresAt = expirationOf(claims);
  const parts = Object.entries({ header, claims }).flatMap(([name, members]) =>
    members ? [wrap(layout, '  ', escapeControls(`${name} ${JSON.stringify(members)}`))] : [],
  );
  return [styled(layout, 'bold', title), ...parts, ...(expiresAt === undefined ? [] : [`  expires ${expiresAt}`])].join(
    '\n',
  );
}

/** The `exp` claim of a token as a time; undefined if it isn't a valid number of seconds. */
function expirationOf(claims: TokenExplanation['input']['claims']): string | undefined {
  const date = new Date(Number(claims?.['exp']) * 1000);
  return typeof claims?.['exp'] === 'number' && date.getTime() < 1e14 ? date.toISOString() : undefined;
}

/** The texts of all orgs. Orgs with the same text share it: most tokens fail for the same reason everywhere. */
function orgTexts(
  layout: TextLayout,
  orgs: readonly OrgExplanation[],
  view: TokenExplanation['view'],
): readonly string[] {
  const texts = orgs.map((org) => ({ alias: org.alias, text: orgText(layout, org) }));
  return [...new Set(texts.map(({ text }) => text))].map((text) => {
    const aliases = texts.filter((each) => each.text === text).map(({ alias }) => escapeControls(alias));
    const heading = `${aliases.join(', ')} ${view === 'org' ? '(live state)' : '(desired state)'}`;
    return `${styled(layout, 'bold', wrap(layout, '', heading))}\n${text}`;
  });
}

function orgText(layout: TextLayout, { channels, error }: OrgExplanation): string {
  if (error) return formatError(layout, error);
  if (channels.length === 0) return '  No channel verifies users.';
  const texts = channels.map((each) => ({ ...each, text: chainText(layout, each) }));
  return [...new Set(texts.map(({ text }) => text))]
    .map((text) => {
      const matching = texts.filter((each) => each.text === text);
      const names = matching.map(({ channel }) => escapeControls(channel)).join(', ');
      const verdict = matching.some(({ broken }) => broken) ? 'not accepted' : 'no failed step';
      return `${wrap(layout, '  ', `${names}: ${verdict}`)}\n${text}`;
    })
    .join('\n');
}

/** The passed steps in one line, the inconclusive ones, and the first failed one with its fix. */
function chainText(layout: TextLayout, { links, broken }: OrgExplanation['channels'][number]): string {
  const passed = links.filter(({ state }) => state === 'passed').map(({ link }) => link);
  const inconclusive = links.filter(({ state }) => state === 'inconclusive');
  return [
    ...(passed.length > 0 ? [labeledLine(layout, 'green', 'passed', passed.join(', '))] : []),
    ...inconclusive.map(({ link, detail }) => labeledLine(layout, 'yellow', 'inconclusive', `${link}: ${detail}`)),
    ...(broken
      ? [
          labeledLine(layout, 'red', 'failed', `${broken.link}: ${broken.detail}`),
          labeledLine(layout, 'dim', 'expected', `${CHAIN_STEPS[broken.link]}.`),
          labeledLine(layout, 'bold', 'fix', broken.fix),
        ]
      : []),
  ].join('\n');
}

const labeledLine = (layout: TextLayout, style: Style, label: string, text: string): string =>
  wrap(layout, '                  ', escapeControls(text), `    ${styled(layout, style, label.padEnd(14))}`);
