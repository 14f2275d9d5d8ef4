import { LINKS, type LinkResult } from '../chain';
import type { Fault } from '../model';
import { faultText } from './outcomes';
import { safe, styled, wrap, type Page } from './page';

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
    readonly kind: string;
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
    ...orgs.map((org) => orgText(page, org, view)),
  ].join('\n\n');
}

function inputText(page: Page, { kind, fingerprint, header, claims }: Explained['input']): string {
  const what =
    fingerprint === undefined
      ? `This is ${kind === 'text' ? 'a text' : `a ${kind}`} without a token that can be read.`
      : `Token ${fingerprint}`;
  const parts = Object.entries({ header, claims }).flatMap(([name, members]) =>
    members ? [wrap(page, '  ', safe(`${name} ${JSON.stringify(members)}`))] : [],
  );
  return [styled(page, 'bold', what), ...parts].join('\n');
}

function orgText(page: Page, { alias, channels, error }: ExplainedOrg, view: Explained['view']): string {
  const heading = styled(page, 'bold', `${safe(alias)} ${view === 'org' ? '(as it is)' : '(as the source states it)'}`);
  if (error) return `${heading}\n${faultText(page, error)}`;
  if (channels.length === 0) return `${heading}\n  No channel verifies customers.`;
  return [heading, ...channels.map((each) => channelText(page, each))].join('\n');
}

const MARKS = { ok: 'ok', broken: 'BROKEN', unknown: '?' } as const;
const STYLES = { ok: 'green', broken: 'red', unknown: 'yellow' } as const;

function channelText(page: Page, { channel, links, broken }: ExplainedOrg['channels'][number]): string {
  const lines = links.map(({ link, state, detail }) => {
    const mark = styled(page, STYLES[state], MARKS[state].padEnd(7));
    const said = state === 'ok' ? '' : ` ${safe(detail)}`;
    return `    ${mark} ${wrap(page, '            ', `${LINKS[link]}.${said}`).trimStart()}`;
  });
  const mend = broken ? [wrap(page, '    ', `First broken link: ${broken.link}. Mend: ${safe(broken.fix)}`)] : [];
  return [`  ${safe(channel)}`, ...lines, ...mend].join('\n');
}
