import type { Check, Finding, OrgResult } from '../../model';
import { splitLabel } from '../labels';
import { checkStateOf } from '../report';
import { html, EMPTY, type Markup } from './markup';
import { severityTag, checkStateTag } from './tags';

/** Findings by file. */
export function findingsByFile(findings: readonly Finding[]): readonly Markup[] {
  const files = [...new Set(findings.map(({ file }) => file))];
  return files.map(
    (file) =>
      html` <div class="card">
        <h3><code>${file === '' ? 'org' : file}</code></h3>
        <ul class="changes">
          ${findings.filter((each) => each.file === file).map(findingItem)}
        </ul>
      </div>`,
  );
}

function findingItem({ rule, severity, component, path, line, message, fix }: Finding): Markup {
  const [kind, name] = splitLabel(component);
  return html` <li>
    <p class="what">
      ${severityTag(severity)} ${line > 0 ? html`<span>line ${line}</span>` : EMPTY} <code>${rule}</code>
      <span class="aside">${[kind, name, path].filter((part) => part !== '').join(' ')}</span>
    </p>
    <p>${message}</p>
    <p><strong>Fix:</strong> ${fix}</p>
  </li>`;
}

/** The checks of each org; open if one didn't pass. */
export const checkDetails = (orgs: readonly OrgResult[]): readonly Markup[] =>
  orgs.filter(({ checks }) => checks.length > 0).map(orgChecks);

const orgChecks = ({ alias, checks }: OrgResult): Markup =>
  html` <details class="card" ${checks.every((check) => checkStateOf(check) === 'passed') ? EMPTY : html` open`}>
    <summary>
      <h3>${alias}</h3>
      <span class="aside">${checkSummary(checks)}</span>
    </summary>
    <div class="scroll" role="group" aria-label="Checks of ${alias}" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Channel</th>
            <th scope="col">Result</th>
            <th scope="col">Detail</th>
          </tr>
        </thead>
        <tbody>
          ${checks.map(checkRow)}
        </tbody>
      </table>
    </div>
  </details>`;

function checkSummary(checks: readonly Check[]): string {
  const states = (['passed', 'failed', 'inconclusive'] as const).map(
    (state) => [checks.filter((check) => checkStateOf(check) === state).length, state] as const,
  );
  return states
    .filter(([number]) => number > 0)
    .map(([number, state]) => `${number} ${state}`)
    .join(', ');
}

const checkRow = (check: Check): Markup =>
  html` <tr>
    <th scope="row">${check.name}</th>
    <td>${check.channel ?? html`<span aria-label="the whole org">–</span>`}</td>
    <td>${checkStateTag(checkStateOf(check))}</td>
    <td>${check.detail}</td>
  </tr>`;
