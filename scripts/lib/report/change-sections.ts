import { groupBy, joinNames, type Change, type OrgResult } from '../model';
import { markOf, type ChangedComponent, type Mark, type Variants } from './change-text';
import { pluralize } from './text-layout';

/** Changes that the same orgs have. */
export interface ChangeSection {
  readonly orgs: readonly OrgResult[];
  readonly components: readonly ChangedComponent[];
}

/** A change of one org. */
interface OrgChange {
  readonly org: OrgResult;
  readonly change: Change;
}

/** The same change of some orgs. Its values and effect can differ between them. */
type SharedChange = readonly [OrgChange, ...(readonly OrgChange[])];

/** Groups the changes of orgs by the orgs that have them, those of the most orgs first. Each change is in one section. */
export function changeSections(
  orgs: readonly OrgResult[],
  isShown: (change: Change) => boolean,
): readonly ChangeSection[] {
  const changes = orgs.flatMap((org) => org.changes.filter(isShown).map((change): OrgChange => ({ org, change })));
  const shared = [...groupBy(changes, changeKey).values()];
  const sections = groupBy(shared, (each) => JSON.stringify(each.map(({ org }) => org.alias)));
  return [...sections.values()]
    .map((section) => ({
      orgs: section[0].map(({ org }) => org),
      components: [...groupBy(section, ([{ change }]) => change.component).values()].map(changedComponent),
    }))
    .sort((one, other) => other.orgs.length - one.orgs.length);
}

const changeKey = ({ change }: OrgChange): string =>
  JSON.stringify([change.component, change.action, change.path, change.impact, markOf(change)]);

function changedComponent(changes: readonly [SharedChange, ...(readonly SharedChange[])]): ChangedComponent {
  const [[{ org, change }]] = changes;
  const whole = changes.find(([each]) => each.change.path === '');
  return {
    component: change.component,
    mark: componentMark(org, change),
    ...(whole && { whole: variantsOf(whole) }),
    settings: changes.filter((each) => each !== whole).map(variantsOf),
  };
}

/** The mark of a component: the mark of its own change, even if that isn't shown, else `~`. */
function componentMark({ changes }: OrgResult, { component }: Change): Mark {
  const whole = changes.find((each) => each.component === component && each.path === '');
  return whole ? markOf(whole) : '~';
}

/** A whole component has a label as its value, which isn't shown. */
const variantKey = ({ change: { path, from, to, effect } }: OrgChange): string =>
  JSON.stringify(path === '' ? effect : [from, to, effect]);

function variantsOf(changes: SharedChange): Variants {
  const variants = [...groupBy(changes, variantKey).values()].map((each) => ({
    change: each[0].change,
    orgs: joinNames(each.map(({ org }) => org.alias)),
  }));
  const [first, ...others] = variants;
  return first && others.length > 0 ? [first, ...others] : [{ change: changes[0].change, orgs: '' }];
}

/** Names some of the orgs that are printed: `All 12 orgs`, or their aliases. */
export const orgNames = (some: readonly OrgResult[], all: readonly OrgResult[]): string =>
  some.length > 3 && some.length === all.length
    ? `All ${pluralize(all.length, 'org')}`
    : joinNames(some.map(({ alias }) => alias));
