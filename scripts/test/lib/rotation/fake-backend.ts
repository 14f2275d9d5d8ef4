import { toErrorDetails, ToolError, EXIT } from '../../../lib/errors';
import {
  inspectTarget,
  type KeyTrust,
  type RecordTrust,
  type Rotation,
  type RotationBackend,
  type RotationTarget,
  type TargetInspection,
  type TargetResult,
  type TargetState,
} from '../../../lib/rotation';

export const HOUR = 60 * 60 * 1000;
const START = Date.UTC(2026, 9, 1);

/** Whether an org trusts each of the two keys. */
interface FakeOrg {
  readonly wave: number;
  next: boolean;
  retiring: boolean;
  /** The failures of the next attempts to deploy to the org. */
  failures: FakeFailure[];
  /** The keys that the endpoint served when Salesforce last fetched them. */
  cached: { readonly at: number; readonly next: boolean; readonly retiring: boolean };
}

/** The org is unreachable, rejects the deploy, or completes it without a response. */
export type FakeFailure = 'unreachable' | 'rejected' | 'unconfirmed';

/** Ends the simulated process at any point. */
export class Crash extends Error {}

/** A token with the key that signed it and its expiration. */
export interface FakeToken {
  readonly key: 'old' | 'new';
  readonly expiresAt: number;
}

/**
 * A fleet, its source and its clock, in memory. The simulated Salesforce has one rule: an org accepts a token if it
 * trusts the key. `time` is the true time. The clock of the process that runs a step can be wrong by `skew`.
 */
export class FakeBackend implements RotationBackend {
  time = START;
  skew = 0;
  /** The number of effects before the process crashes. By default, it never does. */
  effectsLeft = Number.POSITIVE_INFINITY;
  readonly orgs: Map<string, FakeOrg>;
  readonly source = { next: false, retiring: true };
  file: Rotation | undefined;
  /** The targets for which the old key was reported as retired, with the time. */
  readonly retired = new Map<string, number>();
  /** The maximum time that a JWKS document is cached, in milliseconds. It is 0 for uploaded keys. */
  readonly cacheMs: number;

  constructor(waves: readonly number[], cacheMs = 0) {
    this.cacheMs = cacheMs;
    this.orgs = new Map(
      waves.map((wave, index) => [
        `org${index}`,
        { wave, next: false, retiring: true, failures: [], cached: { at: START, next: false, retiring: true } },
      ]),
    );
  }

  now(): Date {
    return new Date(this.time + this.skew);
  }

  targets(): readonly RotationTarget[] {
    return [...this.orgs].map(([name, { wave }]) => ({ name, wave }));
  }

  editSource(targetState: TargetState): void {
    this.effect();
    if (targetState === 'staged') this.source.next = true;
    else this.source.retiring = false;
  }

  async inspect({ name }: RotationTarget): Promise<KeyTrust> {
    this.effect();
    const org = this.orgNamed(name);
    if (org.failures.shift() === 'unreachable') throw unreachableError(name);
    return { newKeyTrusted: org.next, oldKeyStatus: org.retiring ? 'trusted' : 'rejected' };
  }

  plan(): Promise<readonly TargetInspection[]> {
    return Promise.all(this.targets().map((target) => inspectTarget(target, this)));
  }

  async confirm(): Promise<void> {
    this.effect();
  }

  async apply(targetState: TargetState, record: RecordTrust): Promise<readonly TargetResult[]> {
    const waves = [...new Set(this.targets().map(({ wave }) => wave))].sort((one, other) =>
      targetState === 'staged' ? one - other : other - one,
    );
    const results: TargetResult[] = [];
    for (const wave of waves) {
      const stopped = results.some(({ result }) => result !== 'done');
      const targets = this.targets().filter((target) => target.wave === wave);
      const apply = (target: RotationTarget): TargetResult =>
        stopped ? { target, result: 'skipped' } : this.applyTo(target, targetState, record);
      results.push(...targets.map(apply));
    }
    return results;
  }

  /** Deploys as `npm run deploy` does: adds the keys of source to the org. A key that source does not list stays. */
  deploy(name: string): void {
    const org = this.orgNamed(name);
    org.next ||= this.source.next;
    org.retiring &&= this.source.retiring;
  }

  save(rotation: Rotation): void {
    this.effect();
    this.file = rotation;
    Object.entries(rotation.targets).forEach(([name, { retiredAt }]) => {
      if (retiredAt !== undefined && !this.retired.has(name)) this.retired.set(name, this.time);
    });
  }

  /** Salesforce can fetch an endpoint at any time. */
  fetch(name: string): void {
    const org = this.orgNamed(name);
    org.cached = { at: this.time, next: org.next, retiring: org.retiring };
  }

  accepts(name: string, { key }: FakeToken): boolean {
    const org = this.orgNamed(name);
    if (this.cacheMs > 0 && this.time - org.cached.at >= this.cacheMs) this.fetch(name);
    const { retiring, next } = this.cacheMs > 0 ? org.cached : org;
    return key === 'old' ? retiring : next;
  }

  private applyTo(target: RotationTarget, targetState: TargetState, record: RecordTrust): TargetResult {
    this.effect();
    const org = this.orgNamed(target.name);
    const failure = org.failures.shift();
    const error = toErrorDetails(unreachableError(target.name));
    if (failure === 'unreachable' || failure === 'rejected') return { target, result: 'failed', error };
    // The owner of an endpoint publishes its keys.
    if (this.cacheMs === 0) this.deploy(target.name);
    this.effect();
    if (failure === 'unconfirmed') return { target, result: 'failed', error };
    const oldKeyStatus = targetState === 'deleted' ? 'missing' : org.retiring ? 'trusted' : 'rejected';
    return { target, result: record(target, { newKeyTrusted: org.next, oldKeyStatus }) ? 'done' : 'waiting' };
  }

  private orgNamed(name: string): FakeOrg {
    const org = this.orgs.get(name);
    if (!org) throw new Error(`no org ${name}`);
    return org;
  }

  private effect(): void {
    if (this.effectsLeft-- <= 0) throw new Crash();
  }
}

const unreachableError = (name: string): ToolError =>
  new ToolError(
    'org-unreachable',
    { what: `${name} is out of reach.`, why: 'It is simulated.', fix: 'Try again.' },
    { exit: EXIT.unreachable },
  );

/** A rotation at its start. */
export const sampleRotation = (rotation: Partial<Rotation> = {}): Rotation => ({
  keyset: 'Customers',
  delivery: 'uploaded',
  oldKey: { name: 'Old', kid: 'old', thumbprint: 'thumb-old' },
  newKey: { name: 'New', kid: 'new', thumbprint: 'thumb-new' },
  compromised: false,
  tokenLifetimeMinutes: 120,
  cacheHours: 72,
  startedAt: new Date(START).toISOString(),
  targets: {},
  ...rotation,
});
