import type { ScheduledFault, Step } from './spec';

/** Counts the calls of each step, and returns the fault of a call. */
export class FaultSchedule {
  #scheduled: readonly ScheduledFault[];
  readonly #calls = new Map<Step, number>();
  #replaced = new AbortController();

  constructor(faults: readonly ScheduledFault[] = []) {
    this.#scheduled = faults;
  }

  /** Aborts when the current faults are replaced. */
  get replaced(): AbortSignal {
    return this.#replaced.signal;
  }

  /** Replaces the faults and resets the call counts. Requests that the earlier faults delay continue at once. */
  replace(faults: readonly ScheduledFault[]): void {
    this.#scheduled = faults;
    this.#calls.clear();
    this.#replaced.abort();
    this.#replaced = new AbortController();
  }

  /** Counts a call of a step and returns its fault, if it has one. */
  nextFault(step: Step): ScheduledFault | undefined {
    const call = (this.#calls.get(step) ?? 0) + 1;
    this.#calls.set(step, call);
    return this.#scheduled.find((fault) => fault.step === step && fault.first <= call && call <= fault.last);
  }
}
