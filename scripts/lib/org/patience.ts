/** How long an org is waited for, in milliseconds. */
export interface Patience {
  /** For another run, or anybody's deployment, to be through with it. */
  readonly busy: number;
  /** For a submission that got no answer to show up among its deployments. */
  readonly settle: number;
}

export const PATIENCE: Patience = { busy: 10 * 60_000, settle: 60_000 };
