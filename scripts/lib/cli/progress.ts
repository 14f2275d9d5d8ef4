/** Orgs by wave, and the work on them whose progress is shown. */
export interface TrackedWork {
  /** The name of the work, e.g. `Reading`. */
  readonly activity: string;
  /** The first line without a terminal. */
  readonly startLine?: string;
  readonly orgs: readonly { readonly alias: string; readonly wave: number }[];
  /** The step that all orgs start with. Without it, the orgs wait for their first step. */
  readonly firstStep?: string;
  /** Whether all waves run at the same time. */
  readonly ignoreWaves: boolean;
}

/** Receives the progress of each org. */
export interface ProgressBoard {
  readonly onStep: (alias: string, step: string) => void;
  /** Called once for each finished org with its status. */
  readonly onResult: (alias: string, outcome: string) => void;
}

/** A board that draws on a terminal until it is closed. */
export interface LiveProgress extends ProgressBoard {
  readonly close: () => Promise<void>;
}
