/** What is followed: orgs by wave while something is done to each. */
export interface Followed {
  /** What is done, e.g. `Reading`. */
  readonly verb: string;
  /** The line that begins it where there is no terminal. */
  readonly told?: string;
  readonly orgs: readonly { readonly alias: string; readonly wave: number }[];
  /** The step that every org takes at once; without it they wait for theirs. */
  readonly first?: string;
  /** Whether no wave waits for another one. */
  readonly atOnce: boolean;
}

/** Is told how far each org is. */
export interface Board {
  readonly step: (alias: string, step: string) => void;
  /** Told once of each org that is through, with its outcome. */
  readonly done: (alias: string, outcome: string) => void;
}

/** A board that draws, and has to be closed. */
export interface LiveBoard extends Board {
  readonly close: () => Promise<void>;
}
