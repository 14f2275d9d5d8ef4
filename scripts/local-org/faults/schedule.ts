import type { ScheduledFault, Step } from './spec';

/** Counts the calls of each step and says which of them a fault strikes. */
export class FaultSchedule {
  #planned: readonly ScheduledFault[];
  readonly #calls = new Map<Step, number>();

  constructor(faults: readonly ScheduledFault[] = []) {
    this.#planned = faults;
  }

  /** Lays out other faults; calls are counted anew. */
  replace(planned: readonly ScheduledFault[]): void {
    this.#planned = planned;
    this.#calls.clear();
  }

  /** Counts a call of a step; the fault that strikes it, if one does. */
  nextFault(step: Step): ScheduledFault | undefined {
    const call = (this.#calls.get(step) ?? 0) + 1;
    this.#calls.set(step, call);
    return this.#planned.find((fault) => fault.step === step && fault.first <= call && call <= fault.last);
  }
}
