/** What a host is asked: one CLI command, by its oclif id such as `project:deploy:start`. */
export interface WorkerRequest {
  readonly id: number;
  readonly command: string;
  readonly argv: readonly string[];
}

/** What it answers: the command's result, or the error it threw. */
export interface WorkerResponse {
  readonly id: number;
  /** Megabytes that the host holds by now. */
  readonly memory?: number;
  readonly result?: unknown;
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly cause: string;
    readonly data: unknown;
  };
}
