import { runExplain } from '../../lib/commands/token-explain';
import type { ExplainFlags } from '../../lib/commands/token-flags';
import type { ChainStepName } from '../../lib/explain';
import type { Fleet } from '../commands/fleet';
import { capturedContext } from '../lib/captured-context';
import type { Workspace } from '../commands/workspace';

/** Result of `token explain`: the first broken step of each channel, the fixes, and the known errors. */
export interface ExplainResult {
  readonly exit: number;
  readonly shown: string;
  /** The JSON document. */
  readonly document: string;
  /** By channel. Null if no step is broken. */
  readonly links: Readonly<Record<string, ChainStepName | null>>;
  readonly fixes: readonly string[];
  readonly symptoms: readonly string[];
}

interface ExplainDocument {
  readonly symptoms: readonly { readonly name: string }[];
  readonly orgs: readonly {
    readonly channels: readonly {
      readonly channel: string;
      readonly broken?: { readonly link: ChainStepName; readonly fix: string };
    }[];
  }[];
}

/** Runs `token explain` in this process, by default against the live state of one org. */
export async function runExplainCommand(
  workspace: Workspace,
  fleet: Fleet,
  input: string,
  flags: Partial<Omit<ExplainFlags, 'verb'>> & { readonly org?: readonly string[] } = {},
): Promise<ExplainResult> {
  const shown: string[] = [];
  const documents: string[] = [];
  const common = { org: ['dev'], project: fleet.project, json: true } as const;
  const context = capturedContext(
    { ...common, verb: 'explain', fromOrg: true, allowLoopback: true, ...flags } as const,
    { shown, documents, progress: [], questions: [] },
  );
  const exit = await runExplain(context, input, (use) => use(workspace.workers));
  const result = JSON.parse(documents[0] ?? '{}') as ExplainDocument;
  const channels = result.orgs.flatMap((org) => org.channels);
  return {
    exit,
    shown: shown.join('\n'),
    document: documents.join('\n'),
    links: Object.fromEntries(channels.map(({ channel, broken }) => [channel, broken?.link ?? null])),
    fixes: channels.flatMap(({ broken }) => broken?.fix ?? []),
    symptoms: result.symptoms.map(({ name }) => name),
  };
}
