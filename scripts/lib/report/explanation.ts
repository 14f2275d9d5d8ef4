import { CHAIN_STEPS, type ChainStepResult } from '../explain';
import type { ErrorDetails } from '../model';
import { formatError } from './org-results';
import { escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

/** How far a token, or any token, gets on the channels of one org. */
export interface OrgExplanation {
  readonly alias: string;
  readonly channels: readonly {
    readonly channel: string;
    readonly links: readonly ChainStepResult[];
    readonly broken?: ChainStepResult & { readonly state: 'failed' };
  }[];
  readonly error?: ErrorDetails;
}

/** Everything that can be told of what was pasted. */
export interface TokenExplanation {
  readonly input: {
    readonly kind: 'token' | 'HTTP response' | 'JSON' | 'text';
    /** Whether a token was looked for in it, readable or not. */
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

/** What was pasted, what it is known to mean, and org by org how far it gets. */
export function explanationText(layout: TextLayout, { input, symptoms, orgs, view }: TokenExplanation): string {
  return [
    inputText(layout, input),
    ...symptoms.map(({ name, cause, fix, source }) =>
      [
        styled(layout, 'bold', `Known: ${name}`),
        wrap(layout, '  ', escapeControls(cause)),
        wrap(layout, '  ', `Mend: ${escapeControls(fix)}`),
        styled(layout, 'dim', wrap(layout, '  ', `Source: ${source}`)),
      ].join('\n'),
    ),
    ...(symptoms.length === 0 && !input.isToken ? [wrap(layout, '', NO_KNOWN_ERROR)] : []),
    ...orgs.map((org) => orgText(layout, org, view)),
  ].join('\n\n');
}

/** What a text that nobody recognises is: no good news. */
const NO_KNOWN_ERROR =
  'Nothing in it is known, so it explains nothing: below stands only how far any token would get. Paste the token, or the whole answer with its status.';

const INPUT_LABELS = { token: 'A text', 'HTTP response': 'An HTTP response', JSON: 'JSON', text: 'A text' } as const;

function inputText(layout: TextLayout, { kind, fingerprint, header, claims }: TokenExplanation['input']): string {
  const title =
    fingerprint === undefined ? `${INPUT_LABELS[kind]} without a token that can be read.` : `Token ${fingerprint}`;
  const expiresAt = expirationOf(claims);
  const parts = Object.entries({ header, claims }).flatMap(([name, members]) =>
    members ? [wrap(layout, '  ', escapeControls(`${name} ${JSON.stringify(members)}`))] : [],
  );
  return [styled(layout, 'bold', title), ...parts, ...(expiresAt === undefined ? [] : [`  ends ${expiresAt}`])].join(
    '\n',
  );
}

/** The exp of a token as a person reads it; none where it is no second that a calendar has. */
function expirationOf(claims: TokenExplanation['input']['claims']): string | undefined {
  const date = new Date(Number(claims?.['exp']) * 1000);
  return typeof claims?.['exp'] === 'number' && date.getTime() < 1e14 ? date.toISOString() : undefined;
}

function orgText(
  layout: TextLayout,
  { alias, channels, error }: OrgExplanation,
  view: TokenExplanation['view'],
): string {
  const heading = styled(
    layout,
    'bold',
    `${escapeControls(alias)} ${view === 'org' ? '(as it is)' : '(as the source states it)'}`,
  );
  if (error) return `${heading}\n${formatError(layout, error)}`;
  if (channels.length === 0) return `${heading}\n  No channel verifies customers.`;
  const texts = channels.map((each) => ({ ...each, text: chainText(layout, each) }));
  const different = [...new Set(texts.map(({ text }) => text))];
  return [
    heading,
    ...different.map((text) => {
      const matching = texts.filter((each) => each.text === text);
      const names = matching.map(({ channel }) => escapeControls(channel)).join(', ');
      const verdict = matching.some(({ broken }) => broken) ? 'not accepted' : 'no link is seen to be broken';
      return `${wrap(layout, '  ', `${names}: ${verdict}`)}\n${text}`;
    }),
  ].join('\n');
}

/** What holds in one line, what nobody could look at, and the first link that does not hold. */
function chainText(layout: TextLayout, { links, broken }: OrgExplanation['channels'][number]): string {
  const passed = links.filter(({ state }) => state === 'passed').map(({ link }) => link);
  const inconclusive = links.filter(({ state }) => state === 'inconclusive');
  return [
    ...(passed.length > 0 ? [labeledLine(layout, 'green', 'passed', passed.join(', '))] : []),
    ...inconclusive.map(({ link, detail }) => labeledLine(layout, 'yellow', 'not seen', `${link}: ${detail}`)),
    ...(broken
      ? [
          labeledLine(layout, 'red', 'BROKEN', `${broken.link}: ${broken.detail}`),
          labeledLine(layout, 'dim', 'wanted', `${CHAIN_STEPS[broken.link]}.`),
          labeledLine(layout, 'bold', 'mend', broken.fix),
        ]
      : []),
  ].join('\n');
}

const labeledLine = (layout: TextLayout, style: Style, label: string, text: string): string =>
  `    ${styled(layout, style, label.padEnd(10))}${wrap(layout, '              ', escapeControls(text)).trimStart()}`;
