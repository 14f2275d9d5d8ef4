import { isDisruptive, type Change, type ErrorDetails, type OrgResult } from '../../model';
import { splitLabel, formatValue } from '../labels';
import { pluralize } from '../text-layout';
import { html, EMPTY, type Markup } from './markup';
import { impactTag, resultTag, tag } from './tags';

/** A table with one row per org. */
export const orgsTable = (orgs: readonly OrgResult[], command: string): Markup =>
  html` <div class="scroll" role="group" aria-label="Orgs" tabindex="0">
    <table class="orgs">
      <thead>
        <tr>
          <th scope="col">Org</th>
          <th scope="col">Result</th>
          <th scope="col">Kind</th>
          <th scope="col" class="number">Wave</th>
          <th scope="col" class="number">Changes</th>
          <th scope="col">Deploy jobs</th>
        </tr>
      </thead>
      <tbody>
        ${orgs.map((org) => orgRow(org, command))}
      </tbody>
    </table>
  </div>`;

const orgRow = (org: OrgResult, command: string): Markup =>
  html` <tr>
    <th scope="row">${org.alias}<span class="id">${org.orgId}</span></th>
    <td>${resultTag(org, command)}</td>
    <td>${org.kind}</td>
    <td class="number">${org.wave}</td>
    <td class="number">${org.changes.length}${disruptiveCount(org.changes)}</td>
    <td class="id">${org.deployIds.length > 0 ? org.deployIds.join(' ') : html`<span aria-label="none">–</span>`}</td>
  </tr>`;

function disruptiveCount(changes: readonly Change[]): Markup {
  const total = changes.filter(isDisruptive).length;
  return total > 0 ? html` <span class="aside">${total} disruptive</span>` : EMPTY;
}

/** An error: what happened, why, and the fix. */
export const errorBox = (error: ErrorDetails, title: string): Markup =>
  html` <div class="box bad">
    <h3>${title}: ${error.what} <code>${error.code}</code></h3>
    <p><strong>Why:</strong> ${error.why}</p>
    <p><strong>Fix:</strong> ${error.fix}</p>
  </div>`;

/** If more orgs have changes, only those with disruptive changes are open. */
const MAX_EXPANDED = 8;

/** The changes of each org by component, with their impact on customers. */
export function changeDetails(orgs: readonly OrgResult[]): readonly Markup[] {
  const changed = orgs.filter(({ changes }) => changes.length > 0);
  return changed.map((org) => orgChanges(org, changed.length <= MAX_EXPANDED || org.changes.some(isDisruptive)));
}

const orgChanges = ({ alias, changes }: OrgResult, open: boolean): Markup =>
  html` <details class="card" ${open ? html` open` : EMPTY}>
    <summary>
      <h3>${alias}</h3>
      <span class="aside">${changeSummary(changes)}</span>
    </summary>
    ${[...new Set(changes.map(({ component }) => component))].map((component) =>
      componentChanges(
        component,
        changes.filter((each) => each.component === component),
      ),
    )}
  </details>`;

function changeSummary(changes: readonly Change[]): string {
  const disruptive = changes.filter(isDisruptive).length;
  return `${pluralize(changes.length, 'change')}${disruptive > 0 ? `, ${disruptive} disruptive` : ''}`;
}

function componentChanges(component: string, changes: readonly Change[]): Markup {
  const [kind, name] = splitLabel(component);
  return html` <h4><span class="kind">${kind}</span> ${name}</h4>
    <ul class="changes">
      ${changes.map(changeItem)}
    </ul>`;
}

const ACTION_LABELS = { create: 'added', update: 'changed', delete: 'deleted' } as const;

const changeItem = ({ action, path, from, to, impact, effect }: Change): Markup =>
  html` <li class="${impact}">
    <p class="what">
      ${impactTag(impact)} ${path === '' ? tag('quiet', ACTION_LABELS[action]) : html`<code>${path}</code>`}
    </p>
    ${path === '' ? EMPTY : valueChange(from, to)} ${effect === '' ? EMPTY : html`<p>${effect}</p>`}
  </li>`;

const valueChange = (from: string | null, to: string | null): Markup =>
  html` <p class="values">
    <span class="unseen">from </span><del>${formatValue(from)}</del> <span class="arrow" aria-hidden="true">→</span
    ><span class="unseen"> to </span>
    <ins>${formatValue(to)}</ins>
  </p>`;
