/** How long an org is waited for, in milliseconds. */
export interface Timeouts {
  /** For another run, or anybody's deployment, to be through with it. */
  readonly lock: number;
  /** For a submission that got no answer to show up among its deployments. */
  readonly submit: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { lock: 10 * 60_000, submit: 60_000 };
