import { sameId } from '../identifiers';
import type { ApexTestResults } from '../options';

export interface DeployOptions {
  readonly checkOnly: boolean;
  readonly ignoreWarnings: boolean;
  readonly rollbackOnError: boolean;
  readonly testLevel?: string;
  /** the test classes of RunSpecifiedTests */
  readonly runTests?: readonly string[];
}

/** One line of a deploy result, named as in the Metadata API. */
export interface DeployMessage {
  readonly componentType: string;
  readonly fullName: string;
  readonly fileName: string;
  readonly success: boolean;
  readonly created: boolean;
  readonly changed: boolean;
  readonly deleted: boolean;
  readonly createdDate: string;
  readonly id?: string;
  readonly problem?: string;
  readonly problemType?: 'Error' | 'Warning';
  readonly lineNumber?: number;
  readonly columnNumber?: number;
}

export interface DeployOutcome {
  readonly status: 'Succeeded' | 'SucceededPartial' | 'Failed' | 'Canceled';
  readonly completedDate: string;
  readonly messages: readonly DeployMessage[];
  /** the configured results of the Apex tests; undefined: no test was requested */
  readonly tests?: ApexTestResults & {
    readonly warnings: readonly { readonly name: string; readonly message: string }[];
    readonly failed: boolean;
  };
  /** an error of the whole job, not of one component */
  readonly error?: { readonly code: string; readonly message: string };
}

export interface DeployJob {
  readonly id: string;
  readonly createdDate: string;
  readonly options: DeployOptions;
  /** milliseconds since 1970: when the org starts the job, and when the job is complete */
  readonly startsAt: number;
  readonly readyAt: number;
  /** base64; kept until the job is complete, and after that if it can be quick-deployed */
  zip?: string;
  outcome?: DeployOutcome;
}

const MAX_JOBS = 50;

/** The deploy jobs of an org, oldest first. */
export class DeployJobs {
  #jobs: DeployJob[] = [];

  get all(): readonly DeployJob[] {
    return this.#jobs;
  }

  /** The jobs that aren't complete, in the order in which the org runs them. */
  get waiting(): readonly DeployJob[] {
    return this.#jobs.filter((job) => !job.outcome);
  }

  /** When all jobs are complete, in milliseconds since 1970. An org runs one deploy job at a time. */
  get idleAt(): number {
    return Math.max(0, ...this.waiting.map((job) => job.readyAt));
  }

  add(job: DeployJob): void {
    this.#jobs.push(job);
    if (this.#jobs.length > MAX_JOBS) this.#jobs = this.#jobs.slice(-MAX_JOBS);
  }

  find(id: string): DeployJob | undefined {
    return this.#jobs.find((job) => sameId(job.id, id));
  }

  restore(jobs: readonly DeployJob[]): void {
    this.#jobs = [...jobs];
  }
}
