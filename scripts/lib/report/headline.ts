import { EXIT } from '../errors';
import { isDisruptive, TRUST_CHECK, type Finding, type OrgResult } from '../model';
import type { ResultDocument } from './result-document';
import { pluralize } from './text-layout';
import { checkStateOf, findsDrift, scopeText } from './report';

/** The tone of a result. */
export type Tone = 'good' | 'warning' | 'bad';

/** The result of a whole command in one sentence. */
export interface Headline {
  readonly tone: Tone;
  readonly text: string;
}

export function headlineOf(document: ResultDocument): Headline {
  if (document.error) return { tone: 'bad', text: document.error.what };
  if (document.exitCode === EXIT.invalid)
    return { tone: 'bad', text: 'Source or configuration is invalid. No org was contacted.' };
  return (document.orgs ?? []).length === 0
    ? findingsHeadline(document.findings)
    : orgsHeadline(document, document.orgs ?? []);
}

function findingsHeadline(findings: readonly Finding[]): Headline {
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return warnings === 0
    ? { tone: 'good', text: 'Source and configuration are valid.' }
    : { tone: 'warning', text: `Source and configuration have ${pluralize(warnings, 'warning')}.` };
}

function orgsHeadline({ command, exitCode }: ResultDocument, orgs: readonly OrgResult[]): Headline {
  const failures = failureSummary(orgs);
  const inconclusive = countInconclusive(orgs);
  const inconclusiveNote = inconclusive > 0 ? ` ${checksAre(inconclusive)} inconclusive.` : '';
  if (failures) return { tone: 'bad', text: `${failures}${inconclusiveNote}` };
  const isPlan = exitCode === EXIT.changes;
  const failed = orgs.flatMap(failedChecks).filter(({ name }) => !isPlan || name !== TRUST_CHECK).length;
  if (failed > 0) return { tone: 'bad', text: `${pluralize(failed, 'check')} failed.${inconclusiveNote}` };
  if (exitCode === EXIT.failed) return { tone: 'bad', text: 'The command failed.' };
  return isPlan ? withTrust(changesHeadline(command, orgs), orgs) : successHeadline(command, orgs);
}

const failedChecks = ({ checks }: OrgResult): OrgResult['checks'] =>
  checks.filter((check) => checkStateOf(check) === 'failed');

/** Undeclared trust comes first: its tokens are accepted for any customer. */
function withTrust(headline: Headline, orgs: readonly OrgResult[]): Headline {
  const trusting = orgs.filter((org) => failedChecks(org).some(({ name }) => name === TRUST_CHECK)).length;
  if (trusting === 0) return headline;
  const text = `${trusting} of ${pluralize(orgs.length, 'org')} ${trusting === 1 ? 'has' : 'have'} undeclared trust.`;
  return { tone: 'bad', text: `${text} ${headline.text}` };
}

const checksAre = (number: number): string => `${pluralize(number, 'check')} ${number === 1 ? 'is' : 'are'}`;

const FAILURE_STATUSES: readonly OrgResult['status'][] = ['failed', 'unknown', 'unreachable', 'skipped'];

/** `1 of 7 orgs failed.`, or the total and its parts if there are several statuses. */
function failureSummary(orgs: readonly OrgResult[]): string | undefined {
  const parts = FAILURE_STATUSES.map((status) => ({
    status,
    number: orgs.filter((org) => org.status === status).length,
  })).filter(({ number }) => number > 0);
  const [first, second] = parts;
  if (!first) return undefined;
  const total = parts.reduce((sum, { number }) => sum + number, 0);
  const ofOrgs = `${total} of ${pluralize(orgs.length, 'org')}`;
  if (!second) return `${ofOrgs} ${statusClause(first.status, total)}.`;
  return `${ofOrgs} need attention: ${parts.map(({ number, status }) => `${number} ${status}`).join(', ')}.`;
}

function statusClause(status: OrgResult['status'], number: number): string {
  if (status === 'failed') return 'failed';
  return `${number === 1 ? 'is' : 'are'} ${status === 'unknown' ? 'in an unknown state' : status}`;
}

function changesHeadline(command: string, orgs: readonly OrgResult[]): Headline {
  const changed = orgs.filter(({ changes }) => changes.length > 0);
  const changes = changed.flatMap((org) => org.changes);
  const disruptive = changes.filter(isDisruptive).length;
  if (findsDrift(command))
    return {
      tone: 'warning',
      text: `${changed.length} of ${pluralize(orgs.length, 'org')} ${changed.length === 1 ? 'differs' : 'differ'} from the desired state.`,
    };
  const disruptiveNote = disruptive > 0 ? ` (${disruptive} disruptive)` : '';
  return {
    tone: 'warning',
    text: `${pluralize(changes.length, 'change')} in ${pluralize(changed.length, 'org')}${disruptiveNote}.`,
  };
}

const countInconclusive = (orgs: readonly OrgResult[]): number =>
  orgs.flatMap(({ checks }) => checks).filter((check) => checkStateOf(check) === 'inconclusive').length;

function successHeadline(command: string, orgs: readonly OrgResult[]): Headline {
  const inconclusive = countInconclusive(orgs);
  if (inconclusive > 0)
    return { tone: 'warning', text: `No check failed, but ${checksAre(inconclusive)} inconclusive.` };
  if (command === 'verify' || command === 'monitor')
    return {
      tone: 'good',
      text: `All checks passed in ${pluralize(orgs.length, 'org')}${scopeText(orgs.map(({ verified }) => verified))}.`,
    };
  const changed = orgs.filter(({ status }) => status === 'changed').length;
  const subject = orgs.length === 1 ? 'The org is' : `All ${orgs.length} orgs are`;
  return { tone: 'good', text: `${subject} in sync${changed > 0 ? ` (${changed} changed)` : ''}.` };
}
