import type { LocalOrg, OrgEvent } from '../local-org/index';
import type { Desk } from './desk';

/** Something that happened between shop and org, as the panel shows it. It never holds a token. */
export interface Step {
  /** Milliseconds, by the clock of this machine. */
  readonly at: number;
  readonly by: 'shop' | 'org';
  readonly title: string;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly facts: Readonly<Record<string, string>>;
}

export interface Steps {
  add(step: Omit<Step, 'at'>): void;
  /** Everything after the first `count` steps. */
  since(count: number): readonly Step[];
}

/** Collects the steps of the shop and those that the org writes into its log, by a clock that may be put forward. */
export function watchSteps(org: LocalOrg, desk: Desk): Steps {
  const steps: Step[] = [];
  let seen = org.log.length;
  return {
    add: (step) => void steps.push({ at: Date.now(), ...step }),
    since(count) {
      const ahead = desk.now().getTime() - Date.now();
      for (const event of org.log.slice(seen))
        steps.push(...orgStepsOf(event).map((step) => ({ at: Date.parse(event.at) - ahead, ...step })));
      seen = org.log.length;
      return steps.slice(count);
    },
  };
}

function orgStepsOf({ kind, detail }: OrgEvent): readonly Omit<Step, 'at'>[] {
  if (kind === 'revoke') return [{ by: 'org', title: 'Ended the session', tone: 'plain', facts: texts(detail) }];
  if (kind !== 'exchange') return [];
  const { granted, ...facts } = detail;
  return granted === true
    ? [{ by: 'org', title: 'Verified the token and recorded the customer', tone: 'good', facts: texts(facts) }]
    : [{ by: 'org', title: 'Refused the token', tone: 'bad', facts: texts(facts) }];
}

const texts = (detail: OrgEvent['detail']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, String(value)]));
