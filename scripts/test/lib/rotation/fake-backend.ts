import { ToolError } from '../../../lib/errors';
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

/** What an org holds of the two keys. */
interface FakeOrg {
  readonly wave: number;
  next: boolean;
  retiring: boolean;
  /** Made by hand: what the next attempts to reach it come to. */
  failures: FakeFailure[];
  /** What Salesforce knows of an endpoint: what was served when it last looked. */
  cached: { readonly at: number; readonly next: boolean; readonly retiring: boolean };
}

/** Out of reach, refused, or done without an answer. */
export type FakeFailure = 'unreachable' | 'rejected' | 'unconfirmed';

/** The process ends here, whatever it was doing. */
export class Crash extends Error {}

/** A token: by which key it was signed, and until when it may come. */
export interface FakeToken {
  readonly key: 'old' | 'new';
  readonly expiresAt: number;
}

/**
 * A fleet, its source and its time, all in memory. Salesforce here follows its own rules alone: an org accepts a token
 * whose key it holds. `at` is the true time; the clock of whoever takes a step may be wrong by `skew`.
 */
export class FakeBackend implements RotationBackend {
  time = START;
  skew = 0;
  /** Effects that are left before the process ends; none without a crash. */
  effectsLeft = Number.POSITIVE_INFINITY;
  readonly orgs: Map<string, FakeOrg>;
  readonly source = { next: false, retiring: true };
  file: Rotation | undefined;
  /** Places of which the tool has said that the old key is out. */
  readonly retired = new Map<string, number>();
  /** How long a document may be cached, in milliseconds; nothing is where keys are uploaded. */
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

  /** What `npm run deploy` does too: the org gets what the source says. A key that the source does not list stays. */
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

  errorDetails(thrown: unknown): { code: string; what: string; why: string; fix: string } {
    if (!(thrown instanceof ToolError)) throw thrown;
    return { code: thrown.code, what: thrown.what, why: thrown.why, fix: thrown.fix };
  }

  /** Salesforce looks at an endpoint whenever it likes. */
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
    const error = this.errorDetails(unreachableError(target.name));
    if (failure === 'unreachable' || failure === 'rejected') return { target, result: 'failed', error };
    // The owner of an endpoint publishes what it serves.
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
  new ToolError('org-unreachable', { what: `${name} is out of reach.`, why: 'It is simulated.', fix: 'Try again.' });

/** A rotation as it begins. */
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
