import fc from 'fast-check';
import {
  deleteKey,
  retire,
  stage,
  checkStaged,
  confirmSwitch,
  type Rotation,
  type StepResult,
  type RotationBackend,
} from '../../../lib/rotation';
import { Crash, sampleRotation, HOUR, FakeBackend, type FakeToken, type FakeFailure } from './fake-backend';

/** The steps of a rotation. A test replaces one with a broken step to check that the sequence detects it. */
export const STEP_FUNCTIONS = { stage, checkStaged, confirmSwitch, retire, deleteKey };
export type StepFunctions = typeof STEP_FUNCTIONS;

/** One event of a sequence. */
export type Event =
  | {
      readonly kind: 'step';
      readonly step: 'stage' | 'staged' | 'confirm' | 'retire' | 'remove';
      readonly fuse: number;
    }
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'clock'; readonly hours: number }
  | { readonly kind: 'trouble'; readonly org: number; readonly trouble: FakeFailure }
  | { readonly kind: 'deploy'; readonly org: number }
  | { readonly kind: 'fetch'; readonly org: number }
  | { readonly kind: 'sign'; readonly life: number }
  | { readonly kind: 'signer' };

type Step = Extract<Event, { kind: 'step' }>['step'];

const STEPS: readonly Step[] = ['stage', 'staged', 'confirm', 'retire', 'remove'];
const FAKE_FAILURES: readonly FakeFailure[] = ['unreachable', 'rejected', 'unconfirmed'];

const org = fc.nat(3);
const kind = <K extends Event['kind']>(name: K): fc.Arbitrary<K> => fc.constant(name);

/** Any event. A fuse of 1,000 effects never interrupts a step. */
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: kind('step'), step: fc.constantFrom(...STEPS), fuse: fc.oneof(fc.constant(1000), fc.nat(12)) }),
  fc.record({ kind: kind('wait'), hours: fc.constantFrom(1, 2, 24, 60) }),
  fc.record({ kind: kind('clock'), hours: fc.integer({ min: -24, max: 24 }) }),
  fc.record({ kind: kind('trouble'), org, trouble: fc.constantFrom(...FAKE_FAILURES) }),
  fc.record({ kind: kind('deploy'), org }),
  fc.record({ kind: kind('fetch'), org }),
  fc.record({ kind: kind('sign'), life: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ kind: kind('signer') }),
);

const stepEvent = (step: Step): Event => ({ kind: 'step', step, fuse: 1000 });
const wait: Event = { kind: 'wait', hours: 60 };
const deployEverywhere = [0, 1, 2, 3].map((number): Event => ({ kind: 'deploy', org: number }));

/** A rotation without failures. Random sequences rarely complete one. */
const HAPPY_PATH: readonly Event[] = [
  ...[stepEvent('stage'), ...deployEverywhere, stepEvent('staged'), wait, wait, stepEvent('staged')],
  ...[{ kind: 'signer' } as const, { kind: 'sign', life: 120 } as const, stepEvent('confirm'), wait, wait],
  ...[stepEvent('retire'), ...deployEverywhere, stepEvent('retire'), stepEvent('remove')],
];

/** The rotation above with random events between its steps, and some steps missing. */
export const events: fc.Arbitrary<readonly Event[]> = fc
  .tuple(...HAPPY_PATH.map((line) => fc.tuple(fc.array(anyEvent, { maxLength: 3 }), fc.nat(9), fc.constant(line))))
  .map((lines) => lines.flatMap(([between, missing, line]) => [...between, ...(missing === 0 ? [] : [line])]));

/** The result of a sequence. */
export interface SequenceResult {
  readonly violation?: string;
  /** Whether any key was retired, so that a test can check that sequences get this far. */
  readonly anyRetired: boolean;
}

/**
 * Runs a sequence with a signer that follows the rules: it signs with the old key until the switch is allowed, confirms
 * only a completed switch, and keeps to the agreed token lifetime. Events that are not possible yet do nothing.
 */
export async function runSequence(
  sequence: readonly Event[],
  delivery: Rotation['delivery'],
  machine: StepFunctions = STEP_FUNCTIONS,
): Promise<SequenceResult> {
  const runner = new SequenceRunner(machine, delivery);
  for (const event of sequence) {
    await runner.apply(event);
    const violation = runner.violation();
    if (violation !== undefined) return { violation, anyRetired: runner.fleet.retired.size > 0 };
  }
  return { anyRetired: runner.fleet.retired.size > 0 };
}

class SequenceRunner {
  readonly fleet: FakeBackend;
  private readonly delivery: Rotation['delivery'];
  private readonly machine: StepFunctions;
  private readonly tokens: FakeToken[] = [];
  private maySwitch = false;
  private signsWith: FakeToken['key'] = 'old';

  constructor(machine: StepFunctions, delivery: Rotation['delivery']) {
    this.machine = machine;
    this.delivery = delivery;
    // The default of 72 hours covers a cache of 1 day and two clocks that are wrong by 1 day each.
    this.fleet = new FakeBackend([1, 2, 2, 3], delivery === 'endpoint' ? 24 * HOUR : 0);
  }

  async apply(event: Event): Promise<void> {
    if (event.kind === 'step') return this.step(event.step, event.fuse);
    if (event.kind === 'wait') this.fleet.time += event.hours * HOUR;
    if (event.kind === 'clock') this.fleet.skew = event.hours * HOUR;
    if (event.kind === 'trouble') this.fleet.orgs.get(`org${event.org}`)?.failures.push(event.trouble);
    if (event.kind === 'deploy') this.fleet.deploy(`org${event.org}`);
    if (event.kind === 'fetch') this.fleet.fetch(`org${event.org}`);
    if (event.kind === 'sign')
      this.tokens.push({ key: this.signsWith, expiresAt: this.fleet.time + event.life * 60_000 });
    if (event.kind === 'signer' && this.maySwitch) this.signsWith = 'new';
  }

  /** A valid token that an org rejects, or a retired key that an org still accepts. */
  violation(): string | undefined {
    const { fleet } = this;
    const validTokens = this.tokens.filter(({ expiresAt }) => expiresAt >= fleet.time);
    const rejectedTokens = validTokens.flatMap((token) =>
      [...fleet.orgs.keys()]
        .filter((org) => !fleet.accepts(org, token))
        .map((org) => `${org} refuses a living token of the ${token.key} key`),
    );
    const acceptedKeys = [...fleet.retired]
      .filter(([org, at]) => fleet.time - at >= fleet.cacheMs && fleet.accepts(org, { key: 'old', expiresAt: 0 }))
      .map(([org]) => `${org} accepts the old key after it was retired`);
    return [...rejectedTokens, ...acceptedKeys][0];
  }

  private async step(name: Extract<Event, { kind: 'step' }>['step'], fuseLength: number): Promise<void> {
    const rotation = this.fleet.file ?? (name === 'stage' ? sampleRotation({ delivery: this.delivery }) : undefined);
    if (!rotation) return;
    this.fleet.effectsLeft = fuseLength;
    try {
      this.observe(name, await this.run(name, rotation));
    } catch (thrown) {
      if (!(thrown instanceof Crash)) throw thrown;
    } finally {
      this.fleet.effectsLeft = Number.POSITIVE_INFINITY;
    }
  }

  private run(name: string, rotation: Rotation): Promise<StepResult> {
    const backend: RotationBackend = this.fleet;
    if (name === 'stage') return this.machine.stage(rotation, backend);
    if (name === 'staged') return this.machine.confirmSwitch(rotation, backend, false);
    // A signer that follows the rules confirms only a completed switch.
    if (name === 'confirm') return this.machine.confirmSwitch(rotation, backend, this.signsWith === 'new');
    return name === 'retire' ? this.machine.retire(rotation, backend) : this.machine.deleteKey(rotation, backend);
  }

  private observe(name: string, { refusal }: StepResult): void {
    if ((name === 'staged' || name === 'confirm') && !refusal) this.maySwitch = true;
  }
}
