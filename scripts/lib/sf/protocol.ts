/** The login of an org in the login store when a run first used it. All later commands of the run use the same one. */
export interface PinnedLogin {
  readonly username: string;
  readonly instanceUrl: string;
  /** 15 or 18 characters. Missing in a login that an old version of the CLI wrote. */
  readonly orgId?: string | undefined;
}

/** The command of a worker that returns the `PinnedLogin` of its only argument, an alias. It isn't a command of the CLI. */
export type ReadLogin = 'worker:login';

/** The command of a worker that loads the CLI and the commands whose IDs are its arguments. */
export type LoadCommands = 'worker:load';

/**
 * Error names of a request that a worker stopped because it would have left the org of its command: before the command wrote
 * anything, and after that.
 */
export type StoppedRequest = 'WrongOrg' | 'WrongOrgAfterWrite';

/** A request to a worker: one CLI command by its oclif ID, such as `project:deploy:start`, `ReadLogin`, or `LoadCommands`. */
export interface WorkerRequest {
  readonly id: number;
  readonly command: string;
  readonly argv: readonly string[];
  /** The only org that the command may send requests to. */
  readonly login?: PinnedLogin | undefined;
}

/** The response of a worker: the result of the command, or the error that it threw. */
export interface WorkerResponse {
  readonly id: number;
  /** Memory of the worker in megabytes. */
  readonly memory?: number;
  readonly result?: unknown;
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly cause: string;
    readonly data: unknown;
  };
}
