import { isDisruptive, type Change, type ErrorDetails, type OrgResult } from '../../model';
import { changeSections, orgNames, type ChangeSection } from '../change-sections';
import type { ChangedComponent, Variant, Variants } from '../change-text';
import { splitLabel, formatValue, settingName } from '../labels';
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

/** If there are more groups of changes, only those with disruptive changes are open. */
const MAX_EXPANDED = 8;

/** The changes by component, with their impact on customers. What orgs share is shown once, disruptive changes first. */
export function changeDetails(orgs: readonly OrgResult[]): readonly Markup[] {
  const sections = changeSections(orgs, () => true);
  const groups = [...sections.filter(hasDisruptive), ...sections.filter((section) => !hasDisruptive(section))];
  return groups.map((section) =>
    sectionDetails(section, orgs, groups.length <= MAX_EXPANDED || hasDisruptive(section)),
  );
}

const changesOf = ({ whole, settings }: ChangedComponent): readonly Variants[] => [
  ...(whole ? [whole] : []),
  ...settings,
];

const hasDisruptive = ({ components }: ChangeSection): boolean => components.some(isDisruptiveComponent);

const disruptiveFirst = (components: readonly ChangedComponent[]): readonly ChangedComponent[] => [
  ...components.filter(isDisruptiveComponent),
  ...components.filter((component) => !isDisruptiveComponent(component)),
];

const isDisruptiveComponent = (component: ChangedComponent): boolean =>
  changesOf(component).some(([{ change }]) => isDisruptive(change));

const sectionDetails = (section: ChangeSection, orgs: readonly OrgResult[], open: boolean): Markup =>
  html` <details class="card" ${open ? html` open` : EMPTY}>
    <summary>
      <h3>${orgNames(section.orgs, orgs)}</h3>
      <span class="aside">${changeSummary(section)}</span>
    </summary>
    ${disruptiveFirst(section.components).map(componentChanges)}
  </details>`;

function changeSummary({ orgs, components }: ChangeSection): string {
  const changes = components.flatMap(changesOf);
  const disruptive = changes.filter(([{ change }]) => isDisruptive(change)).length;
  const each = orgs.length > 1 ? ' in each org' : '';
  return `${pluralize(changes.length, 'change')}${each}${disruptive > 0 ? `, ${disruptive} disruptive` : ''}`;
}

function componentChanges(changed: ChangedComponent): Markup {
  const [kind, name] = splitLabel(changed.component);
  return html` <h4><span class="kind">${kind}</span> ${name}</h4>
    <ul class="changes">
      ${changesOf(changed).map(changeItem)}
    </ul>`;
}

const ACTION_LABELS = { create: 'added', update: 'changed', delete: 'deleted' } as const;

const changeItem = (variants: Variants): Markup => {
  const { action, path, impact } = variants[0].change;
  return html` <li class="${impact}">
    <p class="what">${impactTag(impact)} ${path === '' ? tag('quiet', ACTION_LABELS[action]) : settingMarkup(path)}</p>
    ${variants.map(variantMarkup)}
  </li>`;
};

/** The name of a setting in Setup, and its path. */
function settingMarkup(path: string): Markup {
  const name = settingName(path);
  return name === undefined ? html`<code>${path}</code>` : html`${name} <code>${path}</code>`;
}

const variantMarkup = ({ change: { path, from, to, effect }, orgs }: Variant): Markup =>
  html`${orgs === '' ? EMPTY : html`<p class="aside">${orgs}</p>`} ${path === '' ? EMPTY : valueChange(from, to)}
  ${effect === '' ? EMPTY : html`<p>${effect}</p>`}`;

const valueChange = (from: string | null, to: string | null): Markup =>
  html` <p class="values">
    <span class="unseen">from </span><del>${formatValue(from)}</del> <span class="arrow" aria-hidden="true">→</span
    ><span class="unseen"> to </span>
    <ins>${formatValue(to)}</ins>
  </p>`;
