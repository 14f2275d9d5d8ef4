import { EXIT } from '../errors';
import { isDisruptive, type Finding, type Outcome } from '../model';
import type { Document } from './document';
import { count } from './page';
import { stateOf } from './report';

/** How news is to be taken. */
export type Tone = 'good' | 'attention' | 'bad';

/** The outcome of a whole command in one sentence. */
export interface Verdict {
  readonly tone: Tone;
  readonly headline: string;
}

export function verdictOf(document: Document): Verdict {
  if (document.error) return { tone: 'bad', headline: document.error.what };
  if (document.exitCode === EXIT.invalid)
    return { tone: 'bad', headline: 'Source or configuration are wrong; no org was contacted.' };
  return (document.orgs ?? []).length === 0 ? ofFindings(document.findings) : ofOrgs(document, document.orgs ?? []);
}

function ofFindings(findings: readonly Finding[]): Verdict {
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return warnings === 0
    ? { tone: 'good', headline: 'Source and configuration are sound.' }
    : { tone: 'attention', headline: `Source and configuration have ${count(warnings, 'warning')}.` };
}

const TROUBLES: readonly (readonly [Outcome['outcome'], said: string])[] = [
  ['failed', 'failed'],
  ['unknown', 'ended without a known result'],
  ['unreachable', 'could not be reached'],
  ['skipped', 'skipped'],
];

function ofOrgs({ command, exitCode }: Document, orgs: readonly Outcome[]): Verdict {
  const [trouble, unproven] = [troubleIn(orgs), unprovenIn(orgs)];
  const open = unproven > 0 ? ` ${count(unproven, 'check')} proved nothing.` : '';
  if (trouble) return { tone: 'bad', headline: `${trouble}${open}` };
  const failed = orgs.flatMap(({ checks }) => checks).filter((check) => stateOf(check) === 'failed').length;
  if (failed > 0) return { tone: 'bad', headline: `${count(failed, 'check')} failed.${open}` };
  if (exitCode === EXIT.failed) return { tone: 'bad', headline: 'The command failed.' };
  return exitCode === EXIT.changes ? ofChanges(command, orgs) : ofDone(command, orgs);
}

/** `1 of 7 orgs failed.`, or the sum and its parts where there are several kinds of trouble. */
function troubleIn(orgs: readonly Outcome[]): string | undefined {
  const parts = TROUBLES.map(([result, said]) => {
    const number = orgs.filter(({ outcome }) => outcome === result).length;
    return { number, said: `${number} ${said}` };
  }).filter(({ number }) => number > 0);
  const [first, second] = parts;
  if (!first) return undefined;
  const sum = parts.reduce((all, { number }) => all + number, 0);
  const of = `of ${count(orgs.length, 'org')}`;
  if (!second) return `${first.said.replace(' ', ` ${of} `)}.`;
  return `${sum} ${of} need a look: ${parts.map(({ said }) => said).join(', ')}.`;
}

function ofChanges(command: string, orgs: readonly Outcome[]): Verdict {
  const changed = orgs.filter(({ changes }) => changes.length > 0);
  const changes = changed.flatMap((org) => org.changes);
  const disruptive = changes.filter(isDisruptive).length;
  if (command === 'status') {
    const verb = changed.length === 1 ? 'differs' : 'differ';
    return {
      tone: 'attention',
      headline: `${changed.length} of ${count(orgs.length, 'org')} ${verb} from what is stated.`,
    };
  }
  return {
    tone: 'attention',
    headline: `${count(changes.length, 'change')} in ${count(changed.length, 'org')}, ${disruptive} of them disruptive.`,
  };
}

const unprovenIn = (orgs: readonly Outcome[]): number =>
  orgs.flatMap(({ checks }) => checks).filter((check) => stateOf(check) === 'not proven').length;

function ofDone(command: string, orgs: readonly Outcome[]): Verdict {
  const unproven = unprovenIn(orgs);
  if (unproven > 0)
    return { tone: 'attention', headline: `Nothing failed, but ${count(unproven, 'check')} proved nothing.` };
  if (command === 'verify') return { tone: 'good', headline: `All checks passed in ${count(orgs.length, 'org')}.` };
  const changed = orgs.filter(({ outcome }) => outcome === 'changed').length;
  const all = orgs.length === 1 ? 'The org is' : `All ${orgs.length} orgs are`;
  return { tone: 'good', headline: `${all} as stated${changed > 0 ? `; ${changed} changed and read back` : ''}.` };
}
