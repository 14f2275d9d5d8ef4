/** A request to a worker: one CLI command by its oclif ID, such as `project:deploy:start`. */
export interface WorkerRequest {
  readonly id: number;
  readonly command: string;
  readonly argv: readonly string[];
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
