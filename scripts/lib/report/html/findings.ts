import { groupBy, type Check, type Finding, type OrgResult } from '../../model';
import { groupFindings, type FindingGroup } from '../findings';
import { checkLocation, checkStateOf } from '../report';
import { html, EMPTY, withLineBreaks, type Markup } from './markup';
import { severityTag, checkStateTag } from './tags';

/** Findings with their locations. A message that applies several times is shown once. */
export const findingCards = (findings: readonly Finding[]): readonly Markup[] =>
  groupFindings(findings).map(findingCard);

const findingCard = ({ severity, rule, locations, orgs, message, fix }: FindingGroup): Markup =>
  html` <div class="card">
    <p class="what">${severityTag(severity)} <code>${rule}</code></p>
    <ul>
      ${locations.map((location) => html`<li class="id">${withLineBreaks(location)}</li>`)}
    </ul>
    ${orgs.length > 1 ? html`<p>Orgs: ${orgs.join(', ')}</p>` : EMPTY}
    <p>${message}</p>
    <p><strong>Fix:</strong> ${fix}</p>
  </div>`;

/** The checks of each org; open if one didn't pass. Orgs with equal checks are one. */
export function checkDetails(orgs: readonly OrgResult[]): readonly Markup[] {
  const checked = orgs.filter(({ checks }) => checks.length > 0);
  const groups = [...groupBy(checked, ({ checks }) => JSON.stringify(checks)).values()];
  return groups.map((same) => orgChecks(same.map(({ alias }) => alias).join(', '), same[0].checks));
}

const orgChecks = (alias: string, checks: readonly Check[]): Markup =>
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
    <td>${checkLocation(check) ?? html`<span aria-label="the whole org">–</span>`}</td>
    <td>${checkStateTag(checkStateOf(check))}</td>
    <td>${check.detail}</td>
  </tr>`;
