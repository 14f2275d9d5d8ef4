import { availableParallelism, totalmem } from 'node:os';
import { MAX_WORKER_MEMORY_MB } from './worker-pool';

/** What a machine has for the orgs of a run. */
export interface Machine {
  readonly processors: number;
  /** In megabytes. In a container, its limit. */
  readonly memory: number;
}

/** This machine. */
export function thisMachine(): Machine {
  const limit = process.constrainedMemory();
  const bytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return { processors: availableParallelism(), memory: Math.floor(bytes / 2 ** 20) };
}

/** The share of the memory of a machine that a run may use. */
const MEMORY_SHARE = 0.5;

/** What the command takes by itself, and for each org in flight, together with what a worker holds for it. */
const COMMAND_MEMORY_MB = 200;
const ORG_MEMORY_MB = 2;

/** Another worker pays off for so many orgs: loading one costs one second of processor time. */
const ORGS_PER_WORKER = 25;
/** More workers wait for the command, which reads and plans what they send. */
const MAX_WORKERS = 4;

/**
 * An org takes about 0.2 seconds of a processor and waits for Salesforce for about 15 seconds, so a processor is busy with fewer
 * orgs than this.
 */
const ORGS_PER_PROCESSOR = 100;
/** What a small machine has in flight all the same. It's slow, but Salesforce is slower. */
const MIN_ORGS = 10;

const availableMemory = ({ memory }: Machine): number => memory * MEMORY_SHARE - COMMAND_MEMORY_MB;

/** The number of CLI workers for a fleet. */
export function workersFor(orgs: number, machine = thisMachine()): number {
  const fitting = Math.floor(availableMemory(machine) / MAX_WORKER_MEMORY_MB);
  const useful = 1 + Math.floor(orgs / ORGS_PER_WORKER);
  return Math.max(1, Math.min(useful, machine.processors, fitting, MAX_WORKERS));
}

/** The number of orgs that a run reads or deploys to at the same time. */
export function orgsInFlight(machine = thisMachine()): number {
  const workers = workersFor(Number.POSITIVE_INFINITY, machine);
  const fitting = Math.floor((availableMemory(machine) - workers * MAX_WORKER_MEMORY_MB) / ORG_MEMORY_MB);
  return Math.max(MIN_ORGS, Math.min(machine.processors * ORGS_PER_PROCESSOR, fitting));
}

/**
 * The number of orgs to which one machine deploys in about 1.2 times the time of one org. More of them take longer, because the
 * processors are busy.
 */
export const orgsPerMachine = ({ processors } = thisMachine()): number => processors * ORGS_PER_WORKER;
