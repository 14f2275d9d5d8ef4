import { runExplain } from '../../lib/run/token-explain';
import type { ExplainFlags } from '../../lib/run/token-flags';
import type { LinkName } from '../../lib/chain';
import type { Fleet } from '../commands/fleet';
import type { Workplace } from '../commands/workplace';

/** What `token explain` made of something: the first broken link of each channel, and what it is known to mean. */
export interface Explanation {
  readonly exit: number;
  readonly shown: string;
  /** The JSON document. */
  readonly document: string;
  /** By channel; null where no link is broken. */
  readonly links: Readonly<Record<string, LinkName | null>>;
  readonly fixes: readonly string[];
  readonly symptoms: readonly string[];
}

interface Told {
  readonly symptoms: readonly { readonly name: string }[];
  readonly orgs: readonly {
    readonly channels: readonly {
      readonly channel: string;
      readonly broken?: { readonly link: LinkName; readonly fix: string };
    }[];
  }[];
}

/** Runs `token explain` in this process, against one org as it is unless told otherwise. */
export async function explain(
  place: Workplace,
  fleet: Fleet,
  input: string,
  flags: Partial<Omit<ExplainFlags, 'verb'>> & { readonly org?: readonly string[] } = {},
): Promise<Explanation> {
  const shown: string[] = [];
  const documents: string[] = [];
  const context = {
    flags: {
      verb: 'explain',
      org: ['dev'],
      project: fleet.project,
      json: true,
      live: true,
      allowLoopback: true,
      ...flags,
    },
    ...{ page: { columns: 120, color: false }, now: new Date(), interactive: false },
    show: (text: string) => void shown.push(text),
    progress: () => undefined,
    document: (text: string) => void documents.push(text),
    untilStopped: () => Promise.resolve(),
    confirm: () => Promise.resolve(false),
  } as const;
  const exit = await runExplain(context, input, (use) => use(place.hosts));
  const told = JSON.parse(documents[0] ?? '{}') as Told;
  const channels = told.orgs.flatMap((org) => org.channels);
  return {
    exit,
    shown: shown.join('\n'),
    document: documents.join('\n'),
    links: Object.fromEntries(channels.map(({ channel, broken }) => [channel, broken?.link ?? null])),
    fixes: channels.flatMap(({ broken }) => broken?.fix ?? []),
    symptoms: told.symptoms.map(({ name }) => name),
  };
}
