/** The steps at which a fault can be injected: the requests of a client, and the work on a deploy job. */
export const STEPS = [
  'login',
  'exchange',
  'query',
  'update',
  'setup',
  'publish',
  'deploy.submit',
  'deploy.status',
  'deploy.work',
  'retrieve.submit',
  'retrieve.status',
] as const;
export type Step = (typeof STEPS)[number];

/** The kinds of faults. README.md describes the effect of each. */
export const FAULT_KINDS = [
  'refused',
  'reset',
  '503',
  'row-lock',
  'busy',
  'redirect',
  'session-expired',
  'timeout',
  'no-response',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault for the calls of a step from `first` to `last`, counted from 1. */
export interface ScheduledFault {
  readonly step: Step;
  readonly kind: FaultKind;
  /** for the kinds that have a duration */
  readonly durationMs?: number;
  readonly first: number;
  readonly last: number;
}

const EXAMPLE = 'Example: deploy.submit:no-response,uat/query:503@1-2,deploy.status:timeout=30s@2';

const FAULT_PATTERN = /^(?:([\w.-]+)\/)?([a-z.]+):([\w-]+)(?:=(\d+(?:\.\d+)?)(ms|s))?(?:@(\d+)(-(\d*))?)?$/;

/**
 * Parses faults of the form `[alias/]step:kind[=time][@calls]`, separated by commas, and returns those of one org. Calls are
 * requests of that step, counted from 1: `@2`, `@2-4`, `@2-` (the second and all later ones). The default is `@1`.
 * @example parseFaults('deploy.submit:no-response,query:503@1-2', 'uat')
 */
export function parseFaults(spec: string, alias: string): readonly ScheduledFault[] {
  return spec.split(',').flatMap((part) => {
    const { org, fault } = parsePart(part.trim());
    return org === undefined || org === alias ? [fault] : [];
  });
}

function parsePart(part: string): { org: string | undefined; fault: ScheduledFault } {
  const [match, org, step = '', kind = '', number, unit, first = '1', range, last = ''] =
    FAULT_PATTERN.exec(part) ?? [];
  if (match === undefined) throw new Error(`Invalid fault "${part}": expected step:kind@calls. ${EXAMPLE}`);
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
  throw new Error(`Invalid calls in fault "${part}": calls are counted from 1. ${EXAMPLE}`);
}

function parseName<T extends string>(known: readonly T[], name: string, noun: string): T {
  const match = known.find((candidate) => candidate === name);
  if (match) return match;
  throw new Error(`Unknown fault ${noun} "${name}". Valid ${noun}s: ${known.join(', ')}. ${EXAMPLE}`);
}
