import { DefaultRenderer, Listr, ListrLogger, ProcessOutput, type ListrTask } from 'listr2';
import { safe } from '../report/page';
import type { Followed, LiveBoard } from './board';
import { isGood, orgLines, waveLine, type Standing } from './standings';

/** The tree is drawn on standard error, which may be a terminal where standard output is none. */
class Renderer extends DefaultRenderer {
  static override nonTTY = true;
}

/** A line of the tree that is drawn. */
interface Line {
  title?: string | undefined;
}

/** One org in the tree: its line once it is drawn, and its end. */
interface Leaf {
  standing: Standing;
  line?: Line;
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** How often times are told anew, in milliseconds. */
const TICK = 1_000;

/** Draws a tree of waves and orgs on a terminal; it is gone once the board is closed, for what came out is told then. */
export function drawBoard(terminal: NodeJS.WriteStream, what: Followed): LiveBoard {
  const leaves = new Map(what.orgs.map((org) => [org.alias, leafOf(org, what.first)]));
  const waves = new Map<number, Line>();
  const draw = (): void => redraw(what.verb, leaves, waves, terminal.rows || 24);
  const drawn = treeOf(what, leaves, waves, terminal, draw).run();
  const clock = setInterval(draw, TICK).unref();
  const told = (alias: string, change: (before: Standing) => Partial<Standing>): void => {
    const leaf = leaves.get(alias);
    if (!leaf || leaf.standing.outcome !== undefined) return;
    leaf.standing = { ...leaf.standing, ...change(leaf.standing) };
    draw();
    if (leaf.standing.outcome !== undefined) leaf.end();
  };
  return {
    step: (alias, step) => told(alias, ({ since = Date.now() }) => ({ step: safe(step), since })),
    done: (alias, outcome) => told(alias, () => ({ outcome: safe(outcome), until: Date.now() })),
    close: async () => {
      clearInterval(clock);
      leaves.forEach(({ end }) => end());
      await drawn;
    },
  };
}

function leafOf({ alias, wave }: Followed['orgs'][number], first: string | undefined): Leaf {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const standing = first === undefined ? { step: 'waiting' } : { step: first, since: Date.now() };
  return { standing: { alias, wave, ...standing }, ended, end };
}

function treeOf(
  { verb, orgs, atOnce }: Followed,
  leaves: ReadonlyMap<string, Leaf>,
  waves: Map<number, Line>,
  terminal: NodeJS.WriteStream,
  draw: () => void,
): { run: () => Promise<unknown> } {
  const numbers = [...new Set(orgs.map(({ wave }) => wave))].sort((one, other) => one - other);
  const standings = [...leaves.values()].map(({ standing }) => standing);
  const tasks = numbers.map((wave): ListrTask => ({
    title: waveLine(verb, wave, standings),
    task: (_, line) => {
      waves.set(wave, line);
      const members = [...leaves.values()].filter(({ standing }) => standing.wave === wave);
      return line.newListr(
        members.map((leaf) => leafTask(leaf, draw)),
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
    ...{ concurrent: atOnce, exitOnError: false, registerSignalListeners: false },
    ...{ renderer: Renderer, rendererOptions: { ...look, logger } },
  });
}

const leafTask = (leaf: Leaf, draw: () => void): ListrTask => ({
  // Its line comes with the first drawing, if there is room for it.
  title: '',
  task: async (_, line) => {
    leaf.line = line;
    draw();
    await leaf.ended;
    const { outcome } = leaf.standing;
    // What the tree makes of this is the mark of a failure in front of the line.
    if (outcome !== undefined && !isGood(outcome)) throw new Error(outcome);
  },
});

function redraw(verb: string, leaves: ReadonlyMap<string, Leaf>, waves: ReadonlyMap<number, Line>, rows: number): void {
  const standings = [...leaves.values()].map(({ standing }) => standing);
  const lines = orgLines(standings, Date.now(), rows);
  leaves.forEach(({ line }, alias) => retitle(line, lines.get(alias) ?? ''));
  waves.forEach((line, wave) => retitle(line, waveLine(verb, wave, standings)));
}

function retitle(line: Line | undefined, title: string): void {
  if (line && line.title !== title) line.title = title;
}
