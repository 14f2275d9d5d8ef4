/** What is followed: orgs by wave while something is done to each. */
export interface TrackedWork {
  /** What is done, e.g. `Reading`. */
  readonly activity: string;
  /** The line that begins it where there is no terminal. */
  readonly startLine?: string;
  readonly orgs: readonly { readonly alias: string; readonly wave: number }[];
  /** The step that every org takes at once; without it they wait for theirs. */
  readonly firstStep?: string;
  /** Whether no wave waits for another one. */
  readonly ignoreWaves: boolean;
}

/** Is told how far each org is. */
export interface ProgressBoard {
  readonly onStep: (alias: string, step: string) => void;
  /** Told once of each org that is through, with its outcome. */
  readonly onResult: (alias: string, outcome: string) => void;
}

/** A board that draws, and has to be closed. */
export interface LiveProgress extends ProgressBoard {
  readonly close: () => Promise<void>;
}
