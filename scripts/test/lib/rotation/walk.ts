import fc from 'fast-check';
import {
  remove,
  retire,
  stage,
  staged,
  switchOver,
  type Rotation,
  type StepResult,
  type World,
} from '../../../lib/rotation';
import { Crash, fresh, HOUR, SimulatedFleet, type Token, type Trouble } from './simulated';

/** The steps of a rotation; a test replaces one by a broken one to see that the walk notices. */
export const MACHINE = { stage, staged, switchOver, retire, remove };
export type Machine = typeof MACHINE;

/** One thing that happens on the walk. */
export type Event =
  | {
      readonly kind: 'step';
      readonly step: 'stage' | 'staged' | 'confirm' | 'retire' | 'remove';
      readonly fuse: number;
    }
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'clock'; readonly hours: number }
  | { readonly kind: 'trouble'; readonly org: number; readonly trouble: Trouble }
  | { readonly kind: 'deploy'; readonly org: number }
  | { readonly kind: 'fetch'; readonly org: number }
  | { readonly kind: 'sign'; readonly life: number }
  | { readonly kind: 'signer' };

type Step = Extract<Event, { kind: 'step' }>['step'];

const STEPS: readonly Step[] = ['stage', 'staged', 'confirm', 'retire', 'remove'];
const TROUBLES: readonly Trouble[] = ['unreachable', 'refused', 'unanswered'];

const org = fc.nat(3);
const kind = <K extends Event['kind']>(name: K): fc.Arbitrary<K> => fc.constant(name);

/** Anything that may happen at any time. A fuse of a thousand effects never cuts a step off. */
const anything: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: kind('step'), step: fc.constantFrom(...STEPS), fuse: fc.oneof(fc.constant(1000), fc.nat(12)) }),
  fc.record({ kind: kind('wait'), hours: fc.constantFrom(1, 2, 24, 60) }),
  fc.record({ kind: kind('clock'), hours: fc.integer({ min: -24, max: 24 }) }),
  fc.record({ kind: kind('trouble'), org, trouble: fc.constantFrom(...TROUBLES) }),
  fc.record({ kind: kind('deploy'), org }),
  fc.record({ kind: kind('fetch'), org }),
  fc.record({ kind: kind('sign'), life: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ kind: kind('signer') }),
);

const taken = (step: Step): Event => ({ kind: 'step', step, fuse: 1000 });
const wait: Event = { kind: 'wait', hours: 60 };
const everywhere = [0, 1, 2, 3].map((number): Event => ({ kind: 'deploy', org: number }));

/** What a rotation is when nothing goes wrong; chance leads few walks along it. */
const STORY: readonly Event[] = [
  ...[taken('stage'), ...everywhere, taken('staged'), wait, wait, taken('staged')],
  ...[{ kind: 'signer' } as const, { kind: 'sign', life: 120 } as const, taken('confirm'), wait, wait],
  ...[taken('retire'), ...everywhere, taken('retire'), taken('remove')],
];

/** The story with anything at all between its lines, and lines of it missing. */
export const events: fc.Arbitrary<readonly Event[]> = fc
  .tuple(...STORY.map((line) => fc.tuple(fc.array(anything, { maxLength: 3 }), fc.nat(9), fc.constant(line))))
  .map((lines) => lines.flatMap(([between, missing, line]) => [...between, ...(missing === 0 ? [] : [line])]));

/** What came of a walk. */
export interface Walked {
  readonly violation?: string;
  /** How far it got, so that a test can see that walks do get somewhere. */
  readonly retired: boolean;
}

/**
 * A signer that keeps the rules: it signs with the old key until the tool has said that it may switch, says so only after
 * it has, and its tokens live no longer than was agreed. Events that it is not yet its turn for do nothing.
 */
export async function walk(
  happened: readonly Event[],
  delivery: Rotation['delivery'],
  machine: Machine = MACHINE,
): Promise<Walked> {
  const walker = new Walker(machine, delivery);
  for (const event of happened) {
    await walker.live(event);
    const violation = walker.violation();
    if (violation !== undefined) return { violation, retired: walker.fleet.retired.size > 0 };
  }
  return { retired: walker.fleet.retired.size > 0 };
}

class Walker {
  readonly fleet: SimulatedFleet;
  private readonly delivery: Rotation['delivery'];
  private readonly machine: Machine;
  private readonly tokens: Token[] = [];
  private maySwitch = false;
  private signsWith: Token['key'] = 'old';

  constructor(machine: Machine, delivery: Rotation['delivery']) {
    this.machine = machine;
    this.delivery = delivery;
    // A cache of a day and two clocks that are a day wrong are what the allowance of 72 hours is for.
    this.fleet = new SimulatedFleet([1, 2, 2, 3], delivery === 'endpoint' ? 24 * HOUR : 0);
  }

  async live(event: Event): Promise<void> {
    if (event.kind === 'step') return this.step(event.step, event.fuse);
    if (event.kind === 'wait') this.fleet.at += event.hours * HOUR;
    if (event.kind === 'clock') this.fleet.skew = event.hours * HOUR;
    if (event.kind === 'trouble') this.fleet.orgs.get(`org${event.org}`)?.trouble.push(event.trouble);
    if (event.kind === 'deploy') this.fleet.deploy(`org${event.org}`);
    if (event.kind === 'fetch') this.fleet.fetch(`org${event.org}`);
    if (event.kind === 'sign') this.tokens.push({ key: this.signsWith, ends: this.fleet.at + event.life * 60_000 });
    if (event.kind === 'signer' && this.maySwitch) this.signsWith = 'new';
  }

  /** A living token that some org refuses, or a key that is taken although the tool said that it is out. */
  violation(): string | undefined {
    const { fleet } = this;
    const living = this.tokens.filter(({ ends }) => ends >= fleet.at);
    const refused = living.flatMap((token) =>
      [...fleet.orgs.keys()]
        .filter((org) => !fleet.accepts(org, token))
        .map((org) => `${org} refuses a living token of the ${token.key} key`),
    );
    const taken = [...fleet.retired]
      .filter(([org, at]) => fleet.at - at >= fleet.lag && fleet.accepts(org, { key: 'old', ends: 0 }))
      .map(([org]) => `${org} accepts the old key after it was retired`);
    return [...refused, ...taken][0];
  }

  private async step(name: Extract<Event, { kind: 'step' }>['step'], fuseLength: number): Promise<void> {
    const rotation = this.fleet.file ?? (name === 'stage' ? fresh({ delivery: this.delivery }) : undefined);
    if (!rotation) return;
    this.fleet.fuse = fuseLength;
    try {
      this.heard(name, await this.run(name, rotation));
    } catch (thrown) {
      if (!(thrown instanceof Crash)) throw thrown;
    } finally {
      this.fleet.fuse = Number.POSITIVE_INFINITY;
    }
  }

  private run(name: string, rotation: Rotation): Promise<StepResult> {
    const world: World = this.fleet;
    if (name === 'stage') return this.machine.stage(rotation, world);
    if (name === 'staged') return this.machine.switchOver(rotation, world, false);
    // A signer that keeps the rules only confirms what is so.
    if (name === 'confirm') return this.machine.switchOver(rotation, world, this.signsWith === 'new');
    return name === 'retire' ? this.machine.retire(rotation, world) : this.machine.remove(rotation, world);
  }

  private heard(name: string, { refusal }: StepResult): void {
    if ((name === 'staged' || name === 'confirm') && !refusal) this.maySwitch = true;
  }
}
