import { EXIT } from '../errors';
import { isDisruptive, type Finding, type OrgResult } from '../model';
import type { ResultDocument } from './result-document';
import { pluralize } from './text-layout';
import { checkStateOf } from './report';

/** How news is to be taken. */
export type Tone = 'good' | 'warning' | 'bad';

/** The outcome of a whole command in one sentence. */
export interface Headline {
  readonly tone: Tone;
  readonly text: string;
}

export function headlineOf(document: ResultDocument): Headline {
  if (document.error) return { tone: 'bad', text: document.error.what };
  if (document.exitCode === EXIT.invalid)
    return { tone: 'bad', text: 'Source or configuration are wrong; no org was contacted.' };
  return (document.orgs ?? []).length === 0
    ? findingsHeadline(document.findings)
    : orgsHeadline(document, document.orgs ?? []);
}

function findingsHeadline(findings: readonly Finding[]): Headline {
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return warnings === 0
    ? { tone: 'good', text: 'Source and configuration are sound.' }
    : { tone: 'warning', text: `Source and configuration have ${pluralize(warnings, 'warning')}.` };
}

const FAILURE_LABELS: readonly (readonly [OrgResult['status'], said: string])[] = [
  ['failed', 'failed'],
  ['unknown', 'ended without a known result'],
  ['unreachable', 'could not be reached'],
  ['skipped', 'skipped'],
];

function orgsHeadline({ command, exitCode }: ResultDocument, orgs: readonly OrgResult[]): Headline {
  const [failures, inconclusive] = [failureSummary(orgs), countInconclusive(orgs)];
  const inconclusiveNote = inconclusive > 0 ? ` ${pluralize(inconclusive, 'check')} proved nothing.` : '';
  if (failures) return { tone: 'bad', text: `${failures}${inconclusiveNote}` };
  const failed = orgs.flatMap(({ checks }) => checks).filter((check) => checkStateOf(check) === 'failed').length;
  if (failed > 0) return { tone: 'bad', text: `${pluralize(failed, 'check')} failed.${inconclusiveNote}` };
  if (exitCode === EXIT.failed) return { tone: 'bad', text: 'The command failed.' };
  return exitCode === EXIT.changes ? changesHeadline(command, orgs) : successHeadline(command, orgs);
}

/** `1 of 7 orgs failed.`, or the sum and its parts where there are several kinds of trouble. */
function failureSummary(orgs: readonly OrgResult[]): string | undefined {
  const parts = FAILURE_LABELS.map(([result, said]) => {
    const number = orgs.filter(({ status }) => status === result).length;
    return { number, said: `${number} ${said}` };
  }).filter(({ number }) => number > 0);
  const [first, second] = parts;
  if (!first) return undefined;
  const sum = parts.reduce((all, { number }) => all + number, 0);
  const of = `of ${pluralize(orgs.length, 'org')}`;
  if (!second) return `${first.said.replace(' ', ` ${of} `)}.`;
  return `${sum} ${of} need a look: ${parts.map(({ said }) => said).join(', ')}.`;
}

function changesHeadline(command: string, orgs: readonly OrgResult[]): Headline {
  const changed = orgs.filter(({ changes }) => changes.length > 0);
  const changes = changed.flatMap((org) => org.changes);
  const disruptive = changes.filter(isDisruptive).length;
  if (command === 'status') {
    const verb = changed.length === 1 ? 'differs' : 'differ';
    return {
      tone: 'warning',
      text: `${changed.length} of ${pluralize(orgs.length, 'org')} ${verb} from what is stated.`,
    };
  }
  return {
    tone: 'warning',
    text: `${pluralize(changes.length, 'change')} in ${pluralize(changed.length, 'org')}, ${disruptive} of them disruptive.`,
  };
}

const countInconclusive = (orgs: readonly OrgResult[]): number =>
  orgs.flatMap(({ checks }) => checks).filter((check) => checkStateOf(check) === 'inconclusive').length;

function successHeadline(command: string, orgs: readonly OrgResult[]): Headline {
  const unproven = countInconclusive(orgs);
  if (unproven > 0)
    return { tone: 'warning', text: `Nothing failed, but ${pluralize(unproven, 'check')} proved nothing.` };
  if (command === 'verify') return { tone: 'good', text: `All checks passed in ${pluralize(orgs.length, 'org')}.` };
  const changed = orgs.filter(({ status }) => status === 'changed').length;
  const all = orgs.length === 1 ? 'The org is' : `All ${orgs.length} orgs are`;
  return { tone: 'good', text: `${all} as stated${changed > 0 ? `; ${changed} changed and read back` : ''}.` };
}
