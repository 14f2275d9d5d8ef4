/** The outside steps of working with an org: whatever a client can wait for, or lose. */
export const STEPS = [
  'login',
  'exchange',
  'query',
  'update',
  'publish',
  'deploy.submit',
  'deploy.status',
  'deploy.work',
  'retrieve.submit',
  'retrieve.status',
] as const;
export type Step = (typeof STEPS)[number];

/** What can go wrong at a step; the README says what each does. */
export const FAULT_KINDS = [
  'refused',
  'reset',
  '503',
  'row-lock',
  'busy',
  'session-expired',
  'timeout',
  'no-response',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault that is laid out: it strikes the calls of its step from the `first` to the `last`, counted from 1. */
export interface ScheduledFault {
  readonly step: Step;
  readonly kind: FaultKind;
  /** how long it lasts, in milliseconds; only where the kind has a duration */
  readonly durationMs?: number;
  readonly first: number;
  readonly last: number;
}

const EXAMPLE = 'Example: deploy.submit:no-response,uat/query:503@1-2,deploy.status:timeout=30s@2';

const FAULT_PATTERN = /^(?:([\w.-]+)\/)?([a-z.]+):([\w-]+)(?:=(\d+(?:\.\d+)?)(ms|s))?(?:@(\d+)(-(\d*))?)?$/;

/**
 * Reads faults of the form `[alias/]step:kind[=time][@calls]`, separated by commas; those of other orgs are left out. Calls
 * are requests of that step, counted from 1: `@2`, `@2-4`, `@2-` (from the second on); the first one unless stated.
 * @example parseFaults('deploy.submit:no-response,query:503@1-2', 'uat')
 */
export function parseFaults(spec: string, alias: string): readonly ScheduledFault[] {
  return spec.split(',').flatMap((part) => {
    const { org, fault } = parsePart(part.trim());
    return org === undefined || org === alias ? [fault] : [];
  });
}

function parsePart(part: string): { org: string | undefined; fault: ScheduledFault } {
  const [found, org, step = '', kind = '', number, unit, first = '1', range, last = ''] =
    FAULT_PATTERN.exec(part) ?? [];
  if (found === undefined) throw new Error(`Fault "${part}" is not of the form step:kind@call. ${EXAMPLE}`);
  const duration = number === undefined ? {} : { durationMs: Number(number) * (unit === 's' ? 1_000 : 1) };
  const calls = parseCalls(part, Number(first), range === undefined ? first : last);
  return {
    org,
    fault: { step: parseName(STEPS, step, 'step'), kind: parseName(FAULT_KINDS, kind, 'kind'), ...duration, ...calls },
  };
}

function parseCalls(part: string, first: number, to: string): { first: number; last: number } {
  const last = to === '' ? Number.POSITIVE_INFINITY : Number(to);
  if (first >= 1 && last >= first) return { first, last };
  throw new Error(`Fault "${part}" strikes no call: they are counted from 1 upwards. ${EXAMPLE}`);
}

function parseName<T extends string>(known: readonly T[], name: string, what: string): T {
  const match = known.find((candidate) => candidate === name);
  if (match) return match;
  throw new Error(`There is no ${what} "${name}" of a fault, only ${known.join(', ')}. ${EXAMPLE}`);
}
