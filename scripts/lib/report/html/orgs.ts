import { isDisruptive, type Change, type Fault, type Outcome } from '../../model';
import { partsOf, valueText } from '../names';
import { count } from '../page';
import { html, NOTHING, type Markup } from './markup';
import { impactTag, resultTag, tag } from './tags';

/** Every org in a line: what it is and how it came out. */
export const orgsTable = (orgs: readonly Outcome[]): Markup =>
  html` <div class="scroll" role="group" aria-label="Orgs" tabindex="0">
    <table class="orgs">
      <thead>
        <tr>
          <th scope="col">Org</th>
          <th scope="col">Result</th>
          <th scope="col">Kind</th>
          <th scope="col" class="number">Wave</th>
          <th scope="col" class="number">Changes</th>
          <th scope="col">Deployment</th>
        </tr>
      </thead>
      <tbody>
        ${orgs.map(orgRow)}
      </tbody>
    </table>
  </div>`;

const orgRow = (org: Outcome): Markup =>
  html` <tr>
    <th scope="row">${org.alias}<span class="id">${org.orgId}</span></th>
    <td>${resultTag(org)}</td>
    <td>${org.kind}</td>
    <td class="number">${org.wave}</td>
    <td class="number">${org.changes.length}${disruptiveOf(org.changes)}</td>
    <td class="id">${org.deployIds.length > 0 ? org.deployIds.join(' ') : html`<span aria-label="none">–</span>`}</td>
  </tr>`;

function disruptiveOf(changes: readonly Change[]): Markup {
  const number = changes.filter(isDisruptive).length;
  return number > 0 ? html` <span class="aside">${number} disruptive</span>` : NOTHING;
}

/** What went wrong, why, and what to do. */
export const faultBox = (fault: Fault, title: string): Markup =>
  html` <div class="box bad">
    <h3>${title}: ${fault.what} <code>${fault.code}</code></h3>
    <p>${fault.why}</p>
    <p><strong>What to do:</strong> ${fault.fix}</p>
  </div>`;

/** More orgs than this are folded, so that the page can be taken in. */
const SHOWN_OPEN = 8;

/** The changes of every org that has some, component by component, each with what it means for customers. */
export function changesOf(orgs: readonly Outcome[]): readonly Markup[] {
  const changed = orgs.filter(({ changes }) => changes.length > 0);
  return changed.map((org) => orgChanges(org, changed.length <= SHOWN_OPEN));
}

const orgChanges = ({ alias, changes }: Outcome, open: boolean): Markup =>
  html` <details class="card" ${open ? html` open` : NOTHING}>
    <summary>
      <h3>${alias}</h3>
      <span class="aside">${summed(changes)}</span>
    </summary>
    ${[...new Set(changes.map(({ component }) => component))].map((component) =>
      componentChanges(
        component,
        changes.filter((each) => each.component === component),
      ),
    )}
  </details>`;

function summed(changes: readonly Change[]): string {
  const disruptive = changes.filter(isDisruptive).length;
  return `${count(changes.length, 'change')}${disruptive > 0 ? `, ${disruptive} disruptive` : ''}`;
}

function componentChanges(component: string, changes: readonly Change[]): Markup {
  const [kind, name] = partsOf(component);
  return html` <h4><span class="kind">${kind}</span> ${name}</h4>
    <ul class="changes">
      ${changes.map(changeItem)}
    </ul>`;
}

const ACTIONS = { create: 'new', update: 'changed', delete: 'deleted' } as const;

const changeItem = ({ action, path, from, to, impact, effect }: Change): Markup =>
  html` <li>
    <p class="what">${impactTag(impact)} ${path === '' ? tag('quiet', ACTIONS[action]) : html`<code>${path}</code>`}</p>
    ${path === '' ? NOTHING : values(from, to)} ${effect === '' ? NOTHING : html`<p>${effect}</p>`}
  </li>`;

const values = (from: string | null, to: string | null): Markup =>
  html` <p class="values">
    <span class="unseen">from </span><del>${valueText(from)}</del> <span class="arrow" aria-hidden="true">→</span
    ><span class="unseen"> to </span>
    <ins>${valueText(to)}</ins>
  </p>`;
