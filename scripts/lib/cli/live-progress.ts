import { DefaultRenderer, Listr, ListrLogger, ProcessOutput, type ListrTask } from 'listr2';
import { escapeControls } from '../report/text-layout';
import type { TrackedWork, LiveProgress } from './progress';
import { isSuccess, orgLines, waveLine, type OrgProgress } from './progress-lines';

/** Draws the tree on stderr, which can be a terminal when stdout is a pipe. */
class StderrRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

/** A line of the tree that is drawn. */
interface TreeLine {
  title?: string | undefined;
}

/** One org in the tree. Its line exists after the first drawing. */
interface OrgNode {
  progress: OrgProgress;
  line?: TreeLine;
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** How often elapsed times are updated, in milliseconds. */
const REFRESH_INTERVAL_MS = 1_000;

/** Draws a tree of waves and orgs on a terminal. `close` removes it, because the command prints the results afterwards. */
export function startLiveProgress(terminal: NodeJS.WriteStream, work: TrackedWork): LiveProgress {
  const nodes = new Map(work.orgs.map((org) => [org.alias, createNode(org, work.firstStep)]));
  const waves = new Map<number, TreeLine>();
  const draw = (): void => redraw(work.activity, nodes, waves, terminal.rows || 24);
  const rendering = createTree(work, nodes, waves, terminal, draw).run();
  const clock = setInterval(draw, REFRESH_INTERVAL_MS).unref();
  const update = (alias: string, change: (before: OrgProgress) => Partial<OrgProgress>): void => {
    const node = nodes.get(alias);
    if (!node || node.progress.outcome !== undefined) return;
    node.progress = { ...node.progress, ...change(node.progress) };
    draw();
    if (node.progress.outcome !== undefined) node.end();
  };
  return {
    onStep: (alias, step) => update(alias, ({ since = Date.now() }) => ({ step: escapeControls(step), since })),
    onResult: (alias, outcome) => update(alias, () => ({ outcome: escapeControls(outcome), until: Date.now() })),
    close: async () => {
      clearInterval(clock);
      nodes.forEach(({ end }) => end());
      await rendering;
    },
  };
}

function createNode({ alias, wave }: TrackedWork['orgs'][number], first: string | undefined): OrgNode {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const standing = first === undefined ? { step: 'waiting' } : { step: first, since: Date.now() };
  return { progress: { alias, wave, ...standing }, ended, end };
}

function createTree(
  { activity, orgs, ignoreWaves }: TrackedWork,
  leaves: ReadonlyMap<string, OrgNode>,
  waves: Map<number, TreeLine>,
  terminal: NodeJS.WriteStream,
  draw: () => void,
): { run: () => Promise<unknown> } {
  const numbers = [...new Set(orgs.map(({ wave }) => wave))].sort((one, other) => one - other);
  const standings = [...leaves.values()].map(({ progress }) => progress);
  const tasks = numbers.map((wave): ListrTask => ({
    title: waveLine(activity, wave, standings),
    task: (_, line) => {
      waves.set(wave, line);
      const members = [...leaves.values()].filter(({ progress }) => progress.wave === wave);
      return line.newListr(
        members.map((leaf) => orgTask(leaf, draw)),
        { concurrent: true, exitOnError: false },
      );
    },
  }));
  const logger = new ListrLogger({
    useIcons: true,
    toStderr: [],
    processOutput: new ProcessOutput(terminal, terminal),
  });
  const look = {
    clearOutput: true,
    formatOutput: 'truncate',
    showErrorMessage: false,
    collapseSubtasks: false,
  } as const;
  return new Listr(tasks, {
    concurrent: ignoreWaves,
    exitOnError: false,
    registerSignalListeners: false,
    renderer: StderrRenderer,
    rendererOptions: { ...look, logger },
  });
}

const orgTask = (leaf: OrgNode, draw: () => void): ListrTask => ({
  // The first drawing sets the title, if the terminal has room for the line.
  title: '',
  task: async (_, line) => {
    leaf.line = line;
    draw();
    await leaf.ended;
    const { outcome } = leaf.progress;
    // The tree marks the line of a task that throws as failed.
    if (outcome !== undefined && !isSuccess(outcome)) throw new Error(outcome);
  },
});

function redraw(
  verb: string,
  nodes: ReadonlyMap<string, OrgNode>,
  waves: ReadonlyMap<number, TreeLine>,
  rows: number,
): void {
  const standings = [...nodes.values()].map(({ progress }) => progress);
  const lines = orgLines(standings, Date.now(), rows);
  nodes.forEach(({ line }, alias) => setTitle(line, lines.get(alias) ?? ''));
  waves.forEach((line, wave) => setTitle(line, waveLine(verb, wave, standings)));
}

function setTitle(line: TreeLine | undefined, title: string): void {
  if (line && line.title !== title) line.title = title;
}
