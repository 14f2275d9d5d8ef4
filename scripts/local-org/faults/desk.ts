import type { PlannedFault, Step } from './spec';

/** Counts the calls of each step and says which of them a fault strikes. */
export class FaultDesk {
  #planned: readonly PlannedFault[];
  readonly #calls = new Map<Step, number>();

  constructor(planned: readonly PlannedFault[] = []) {
    this.#planned = planned;
  }

  /** Lays out other faults; calls are counted anew. */
  plan(planned: readonly PlannedFault[]): void {
    this.#planned = planned;
    this.#calls.clear();
  }

  /** Counts a call of a step; the fault that strikes it, if one does. */
  strike(step: Step): PlannedFault | undefined {
    const call = (this.#calls.get(step) ?? 0) + 1;
    this.#calls.set(step, call);
    return this.#planned.find((fault) => fault.step === step && fault.first <= call && call <= fault.last);
  }
}
