import { sameId } from '../identifiers';

/** The parameters of a retrieve call. */
export interface RetrieveRequest {
  readonly version: number;
  readonly types: readonly { readonly name: string; readonly members: readonly string[] }[];
  /** the names of packages to retrieve */
  readonly packageNames?: readonly string[];
  readonly singlePackage: boolean;
}

export interface RetrieveJob {
  readonly id: string;
  readonly readyAt: number;
  readonly request: RetrieveRequest;
}

const MAX_JOBS = 50;

/** Retrieve jobs. They are kept in memory only, because a client can repeat a lost retrieve. */
export class RetrieveJobs {
  #jobs: RetrieveJob[] = [];

  add(job: RetrieveJob): void {
    this.#jobs = [...this.#jobs.slice(1 - MAX_JOBS), job];
  }

  find(id: string): RetrieveJob | undefined {
    return this.#jobs.find((job) => sameId(job.id, id));
  }
}
