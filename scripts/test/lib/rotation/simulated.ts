import { ToolError } from '../../../lib/errors';
import type { Aim, Place, Rotation, Sight, World } from '../../../lib/rotation';

export const HOUR = 60 * 60 * 1000;
const START = Date.UTC(2026, 9, 1);

/** What an org holds of the two keys. */
interface SimulatedOrg {
  readonly wave: number;
  next: boolean;
  retiring: boolean;
  /** Made by hand: what the next attempts to reach it come to. */
  trouble: Trouble[];
  /** What Salesforce knows of an endpoint: what was served when it last looked. */
  cached: { readonly at: number; readonly next: boolean; readonly retiring: boolean };
}

/** Out of reach, refused, or done without an answer. */
export type Trouble = 'unreachable' | 'refused' | 'unanswered';

/** The process ends here, whatever it was doing. */
export class Crash extends Error {}

/** A token: by which key it was signed, and until when it may come. */
export interface Token {
  readonly key: 'old' | 'new';
  readonly ends: number;
}

/**
 * A fleet, its source and its time, all in memory. Salesforce here follows its own rules alone: an org accepts a token
 * whose key it holds. `at` is the true time; the clock of whoever takes a step may be wrong by `skew`.
 */
export class SimulatedFleet implements World {
  at = START;
  skew = 0;
  /** Effects that are left before the process ends; none without a crash. */
  fuse = Number.POSITIVE_INFINITY;
  readonly orgs: Map<string, SimulatedOrg>;
  readonly source = { next: false, retiring: true };
  file: Rotation | undefined;
  /** Places of which the tool has said that the old key is out. */
  readonly retired = new Map<string, number>();
  /** How long a document may be cached, in milliseconds; nothing is where keys are uploaded. */
  readonly lag: number;

  constructor(waves: readonly number[], lag = 0) {
    this.lag = lag;
    this.orgs = new Map(
      waves.map((wave, index) => [
        `org${index}`,
        { wave, next: false, retiring: true, trouble: [], cached: { at: START, next: false, retiring: true } },
      ]),
    );
  }

  now(): Date {
    return new Date(this.at + this.skew);
  }

  places(): readonly Place[] {
    return [...this.orgs].map(([name, { wave }]) => ({ name, wave }));
  }

  edit(aim: Aim): void {
    this.effect();
    if (aim === 'staged') this.source.next = true;
    else this.source.retiring = false;
  }

  async look({ name }: Place): Promise<Sight> {
    this.effect();
    const org = this.orgNamed(name);
    if (org.trouble.shift() === 'unreachable') throw unreachable(name);
    return { next: org.next, retiring: org.retiring ? 'trusted' : 'refused' };
  }

  async bring(place: Place, aim: Aim): Promise<Sight> {
    this.effect();
    const org = this.orgNamed(place.name);
    const trouble = org.trouble.shift();
    if (trouble === 'unreachable' || trouble === 'refused') throw unreachable(place.name);
    // What an endpoint serves is published by somebody else.
    if (this.lag === 0) this.deploy(place.name);
    this.effect();
    if (trouble === 'unanswered') throw unreachable(place.name);
    return { next: org.next, retiring: aim === 'deleted' ? 'gone' : org.retiring ? 'trusted' : 'refused' };
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
    Object.entries(rotation.places).forEach(([name, { retiredAt }]) => {
      if (retiredAt !== undefined && !this.retired.has(name)) this.retired.set(name, this.at);
    });
  }

  faultOf(thrown: unknown): { code: string; what: string; why: string; fix: string } {
    if (!(thrown instanceof ToolError)) throw thrown;
    return { code: thrown.code, what: thrown.what, why: thrown.why, fix: thrown.fix };
  }

  /** Salesforce looks at an endpoint whenever it likes. */
  fetch(name: string): void {
    const org = this.orgNamed(name);
    org.cached = { at: this.at, next: org.next, retiring: org.retiring };
  }

  accepts(name: string, { key }: Token): boolean {
    const org = this.orgNamed(name);
    if (this.lag > 0 && this.at - org.cached.at >= this.lag) this.fetch(name);
    const { retiring, next } = this.lag > 0 ? org.cached : org;
    return key === 'old' ? retiring : next;
  }

  private orgNamed(name: string): SimulatedOrg {
    const org = this.orgs.get(name);
    if (!org) throw new Error(`no org ${name}`);
    return org;
  }

  private effect(): void {
    if (this.fuse-- <= 0) throw new Crash();
  }
}

const unreachable = (name: string): ToolError =>
  new ToolError('org-unreachable', { what: `${name} is out of reach.`, why: 'It is simulated.', fix: 'Try again.' });

/** A rotation as it begins. */
export const fresh = (rotation: Partial<Rotation> = {}): Rotation => ({
  keyset: 'Customers',
  delivery: 'uploaded',
  retiring: { name: 'Old', kid: 'old', thumbprint: 'thumb-old' },
  next: { name: 'New', kid: 'new', thumbprint: 'thumb-new' },
  compromised: false,
  tokenLifeMinutes: 120,
  cacheHours: 72,
  startedAt: new Date(START).toISOString(),
  places: {},
  ...rotation,
});
