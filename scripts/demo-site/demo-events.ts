import type { LocalOrg, OrgEvent } from '../local-org/index';
import type { FailureControls } from './failure-controls';

/** Something that happened between shop and org, as the panel shows it. It never holds a token. */
export interface DemoEvent {
  /** Milliseconds, by the clock of this machine. */
  readonly at: number;
  readonly by: 'shop' | 'org';
  readonly title: string;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly facts: Readonly<Record<string, string>>;
}

export interface DemoEventLog {
  add(step: Omit<DemoEvent, 'at'>): void;
  /** Everything after the first `count` steps. */
  since(count: number): readonly DemoEvent[];
}

/** Collects the steps of the shop and those that the org writes into its log, by a clock that may be put forward. */
export function collectEvents(org: LocalOrg, controls: FailureControls): DemoEventLog {
  const events: DemoEvent[] = [];
  let readCount = org.log.length;
  return {
    add: (step) => void events.push({ at: Date.now(), ...step }),
    since(count) {
      const offset = controls.now().getTime() - Date.now();
      for (const event of org.log.slice(readCount))
        events.push(...toDemoEvents(event).map((step) => ({ at: Date.parse(event.at) - offset, ...step })));
      readCount = org.log.length;
      return events.slice(count);
    },
  };
}

function toDemoEvents({ kind, detail }: OrgEvent): readonly Omit<DemoEvent, 'at'>[] {
  if (kind === 'revoke') return [{ by: 'org', title: 'Ended the session', tone: 'plain', facts: toStrings(detail) }];
  if (kind !== 'exchange') return [];
  const { granted, ...facts } = detail;
  return granted === true
    ? [{ by: 'org', title: 'Verified the token and recorded the customer', tone: 'good', facts: toStrings(facts) }]
    : [{ by: 'org', title: 'Refused the token', tone: 'bad', facts: toStrings(facts) }];
}

const toStrings = (detail: OrgEvent['detail']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, String(value)]));
