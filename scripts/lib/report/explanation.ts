import { LINKS, type LinkResult } from '../chain';
import type { Fault } from '../model';
import { faultText } from './outcomes';
import { safe, styled, wrap, type Page, type Style } from './page';

/** How far a token, or any token, gets on the channels of one org. */
export interface ExplainedOrg {
  readonly alias: string;
  readonly channels: readonly {
    readonly channel: string;
    readonly links: readonly LinkResult[];
    readonly broken?: LinkResult & { readonly state: 'broken' };
  }[];
  readonly error?: Fault;
}

/** Everything that can be told of what was pasted. */
export interface Explained {
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
  readonly orgs: readonly ExplainedOrg[];
  readonly view: 'source' | 'org';
}

/** What was pasted, what it is known to mean, and org by org how far it gets. */
export function explanationText(page: Page, { input, symptoms, orgs, view }: Explained): string {
  return [
    inputText(page, input),
    ...symptoms.map(({ name, cause, fix, source }) =>
      [
        styled(page, 'bold', `Known: ${name}`),
        wrap(page, '  ', safe(cause)),
        wrap(page, '  ', `Mend: ${safe(fix)}`),
        styled(page, 'dim', wrap(page, '  ', `Source: ${source}`)),
      ].join('\n'),
    ),
    ...(symptoms.length === 0 && !input.isToken ? [wrap(page, '', NOTHING_KNOWN)] : []),
    ...orgs.map((org) => orgText(page, org, view)),
  ].join('\n\n');
}

/** What a text that nobody recognises is: no good news. */
const NOTHING_KNOWN =
  'Nothing in it is known, so it explains nothing: below stands only how far any token would get. Paste the token, or the whole answer with its status.';

const KINDS = { token: 'A text', 'HTTP response': 'An HTTP response', JSON: 'JSON', text: 'A text' } as const;

function inputText(page: Page, { kind, fingerprint, header, claims }: Explained['input']): string {
  const what = fingerprint === undefined ? `${KINDS[kind]} without a token that can be read.` : `Token ${fingerprint}`;
  const ends = endOf(claims);
  const parts = Object.entries({ header, claims }).flatMap(([name, members]) =>
    members ? [wrap(page, '  ', safe(`${name} ${JSON.stringify(members)}`))] : [],
  );
  return [styled(page, 'bold', what), ...parts, ...(ends === undefined ? [] : [`  ends ${ends}`])].join('\n');
}

/** The exp of a token as a person reads it; none where it is no second that a calendar has. */
function endOf(claims: Explained['input']['claims']): string | undefined {
  const date = new Date(Number(claims?.['exp']) * 1000);
  return typeof claims?.['exp'] === 'number' && date.getTime() < 1e14 ? date.toISOString() : undefined;
}

function orgText(page: Page, { alias, channels, error }: ExplainedOrg, view: Explained['view']): string {
  const heading = styled(page, 'bold', `${safe(alias)} ${view === 'org' ? '(as it is)' : '(as the source states it)'}`);
  if (error) return `${heading}\n${faultText(page, error)}`;
  if (channels.length === 0) return `${heading}\n  No channel verifies customers.`;
  const texts = channels.map((each) => ({ ...each, text: linksText(page, each) }));
  const different = [...new Set(texts.map(({ text }) => text))];
  return [
    heading,
    ...different.map((text) => {
      const same = texts.filter((each) => each.text === text);
      const names = same.map(({ channel }) => safe(channel)).join(', ');
      const verdict = same.some(({ broken }) => broken) ? 'not accepted' : 'no link is seen to be broken';
      return `${wrap(page, '  ', `${names}: ${verdict}`)}\n${text}`;
    }),
  ].join('\n');
}

/** What holds in one line, what nobody could look at, and the first link that does not hold. */
function linksText(page: Page, { links, broken }: ExplainedOrg['channels'][number]): string {
  const holding = links.filter(({ state }) => state === 'ok').map(({ link }) => link);
  const unseen = links.filter(({ state }) => state === 'unknown');
  return [
    ...(holding.length > 0 ? [row(page, 'green', 'ok', holding.join(', '))] : []),
    ...unseen.map(({ link, detail }) => row(page, 'yellow', 'not seen', `${link}: ${detail}`)),
    ...(broken
      ? [
          row(page, 'red', 'BROKEN', `${broken.link}: ${broken.detail}`),
          row(page, 'dim', 'wanted', `${LINKS[broken.link]}.`),
          row(page, 'bold', 'mend', broken.fix),
        ]
      : []),
  ].join('\n');
}

const row = (page: Page, style: Style, label: string, text: string): string =>
  `    ${styled(page, style, label.padEnd(10))}${wrap(page, '              ', safe(text)).trimStart()}`;
