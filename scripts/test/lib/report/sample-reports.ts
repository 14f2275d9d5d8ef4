import { annotationsText } from '../../../lib/report/annotations';
import { htmlPage } from '../../../lib/report/html';
import { junitXml } from '../../../lib/report/junit';
import { markdownText } from '../../../lib/report/markdown';
import type { Report } from '../../../lib/report';
import { FINDINGS, MATRIX, ORG_RESULTS } from './samples';
import { TRUST } from './trust-sample';

/** A report of every kind of org, change, check and finding. */
export const REPORT: Report = {
  document: { command: 'status', exitCode: 1, findings: FINDINGS, orgs: ORG_RESULTS },
  at: new Date('2026-11-22T20:04:00Z'),
  orgSettings: { matrix: MATRIX, trust: TRUST },
};

/** Every format in which a report is written to a file or a log. */
export const FORMATS: Readonly<Record<string, (report: Report) => string>> = {
  'report.html': htmlPage,
  'report.md': markdownText,
  'report.junit.xml': (report) => junitXml(report, 12.3456),
  'annotations.txt': ({ document: { findings } }) => annotationsText(findings, 'chat'),
};

const [, PLANNED] = ORG_RESULTS;

/** A report of a number of orgs, each with the same changes. */
export function fleetReport(number: number): Report {
  const aliases = Array.from({ length: number }, (_, index) => `org-${String(index + 1).padStart(3, '0')}`);
  const orgs = aliases.flatMap((alias) => (PLANNED ? [{ ...PLANNED, alias }] : []));
  const [cell] = MATRIX.rows[0]?.cells ?? [];
  return {
    document: { command: 'plan', exitCode: 2, findings: [], orgs },
    at: REPORT.at,
    orgSettings: {
      matrix: {
        columns: aliases.map((alias) => ({ alias, kind: 'sandbox', reached: true })),
        rows: MATRIX.rows.map((row) => ({
          ...row,
          cells: aliases.map((alias) => ({ ...(cell ?? { drift: false }), live: alias, desired: alias })),
        })),
      },
      // No two orgs are equal, because equal ones are shown once.
      trust: aliases.flatMap((alias) => TRUST.slice(0, 1).map((org) => ({ ...org, alias, accepted: [alias] }))),
    },
  };
}
