import type { LocalOrg, OrgEvent } from '../local-org/index';
import type { FailureControls } from './failure-controls';

/** An event of the shop or the org, as the inspector shows it. It never contains a token. */
export interface DemoEvent {
  /** Unix time in milliseconds, by the clock of this machine. */
  readonly at: number;
  readonly by: 'shop' | 'org';
  readonly title: string;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly facts: Readonly<Record<string, string>>;
}

export interface DemoEventLog {
  add(event: Omit<DemoEvent, 'at'>): void;
  /** The events after the first `count`. */
  since(count: number): readonly DemoEvent[];
}

/** Collects the events of the shop and of the org's log. Times of the org are corrected by the clock offset of the demo. */
export function collectEvents(org: LocalOrg, controls: FailureControls): DemoEventLog {
  const events: DemoEvent[] = [];
  let readCount = org.log.length;
  return {
    add: (event) => void events.push({ at: Date.now(), ...event }),
    since(count) {
      const offset = controls.now().getTime() - Date.now();
      for (const entry of org.log.slice(readCount))
        events.push(...toDemoEvents(entry).map((event) => ({ at: Date.parse(entry.at) - offset, ...event })));
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
    ? [{ by: 'org', title: grantedTitle(detail), tone: 'good', facts: toStrings(facts) }]
    : [{ by: 'org', title: 'Rejected the token', tone: 'bad', facts: toStrings(facts) }];
}

const grantedTitle = ({ subject }: OrgEvent['detail']): string =>
  String(subject).includes('/UNAUTH/') ? 'Recorded an unverified user' : 'Verified the token and recorded the customer';

const toStrings = (detail: OrgEvent['detail']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, String(value)]));
