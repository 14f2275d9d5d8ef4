import {
  parseKey,
  isDeployedType,
  MEMBER_SITE_TYPES,
  keyOf,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type ComponentType,
  type Plan,
  type LiveState,
} from '../../model';
import { settingsOf } from './settings';

/** The live state of one org, with its plan and its desired components. */
export interface OrgReading {
  readonly live: LiveState;
  readonly plan: Plan;
  readonly desired: ComponentMap;
}

/** One org of a status. An org without a reading is unreachable. */
export interface Column {
  readonly alias: string;
  readonly kind: string;
  readonly reading?: OrgReading;
}

/** One cell: the live value, the desired value, and whether they differ. */
export interface Cell {
  readonly live: string | null;
  readonly desired: string | null;
  readonly drift: boolean;
}

/** One setting in all orgs. The row of a whole component has an empty setting. */
export interface Row {
  readonly component: ComponentKey;
  readonly setting: string;
  readonly cells: readonly Cell[];
}

/** The consistency matrix: settings as rows, orgs as columns. */
export interface Matrix {
  readonly columns: readonly { readonly alias: string; readonly kind: string; readonly reached: boolean }[];
  readonly rows: readonly Row[];
}

/** The types in the order of the rows. */
const TYPE_ORDER: readonly ComponentType[] = [
  'MessagingChannel',
  'PublicKeyCertificateSet',
  'PublicKeyCertificate',
  'EmbeddedServiceConfig',
  'Queue',
  'QueueRoutingConfig',
  'CorsWhitelistOrigin',
  'CspTrustedSite',
  'PermissionSet',
  ...MEMBER_SITE_TYPES.toReversed(),
];

const EMPTY_CELL: Cell = { live: null, desired: null, drift: false };

/** Builds the matrix. Every change of a plan is visible in the row of its setting, or in the row of its component. */
export function buildMatrix(columns: readonly Column[], now: Date): Matrix {
  const cells = columns.map(({ reading }) => (reading ? cellsOf(reading, now) : new Map<string, Cell>()));
  const keys = [...new Set(cells.flatMap((column) => [...column.keys()]))];
  return {
    columns: columns.map(({ alias, kind, reading }) => ({ alias, kind, reached: reading !== undefined })),
    rows: keys.map((key) => rowOf(key, cells)).sort((one, other) => compare(one.component, other.component)),
  };
}

function rowOf(key: string, cells: readonly ReadonlyMap<string, Cell>[]): Row {
  const [component = '', setting = ''] = key.split('\n');
  return { component: component as ComponentKey, setting, cells: cells.map((column) => column.get(key) ?? EMPTY_CELL) };
}

/** Sorts by type, then by name. Rows of one component keep their order. */
function compare(one: ComponentKey, other: ComponentKey): number {
  return rank(one) - rank(other) || (one === other ? 0 : one < other ? -1 : 1);
}

function rank(key: ComponentKey): number {
  const { type } = parseKey(key);
  return isDeployedType(type) ? TYPE_ORDER.indexOf(type) : TYPE_ORDER.length;
}

/** The cells of one org, by component and setting. */
function cellsOf(reading: OrgReading, now: Date): ReadonlyMap<string, Cell> {
  return new Map(
    [...reading.desired.values()].flatMap((component) => {
      const key = keyOf(component);
      const settings = settingCells(key, reading, now);
      return [['', componentCell(key, reading, settings)] as const, ...settings].map(
        ([setting, cell]) => [`${key}\n${setting}`, cell] as const,
      );
    }),
  );
}

type SettingCell = readonly [setting: string, cell: Cell];

function settingCells(key: ComponentKey, { live, plan }: OrgReading, now: Date): readonly SettingCell[] {
  const liveComponent = live.components.get(key);
  const liveValues = new Map(valuesOf(liveComponent, live.channels, now));
  return valuesOf(plan.toDeploy.get(key) ?? liveComponent, channelsAfterPlan(live, plan), now).map(
    ([label, desired]) => {
      const value = liveValues.get(label) ?? null;
      return [label, { live: value, desired, drift: value !== desired }];
    },
  );
}

const valuesOf = (
  component: Component | undefined,
  channels: LiveState['channels'],
  now: Date,
): ReturnType<typeof settingsOf> => (component ? settingsOf(component, channels, now) : []);

/** The channels after the plan is applied. */
const channelsAfterPlan = ({ channels }: LiveState, { activate }: Plan): LiveState['channels'] =>
  new Map([...channels, ...activate.map((name) => [name, { id: '', active: true }] as const)]);

/** The sync state of a whole component. Differences without a row of their own are counted here. */
function componentCell(key: ComponentKey, { live, plan }: OrgReading, settings: readonly SettingCell[]): Cell {
  const changes = plan.changes.filter(({ component }) => component === key);
  if (!live.components.has(key)) return { live: 'missing', desired: 'in sync', drift: true };
  if (changes.length === 0) return { live: 'in sync', desired: 'in sync', drift: false };
  const shownCount = settings.filter(([, { drift }]) => drift).length;
  const hiddenCount = Math.max(0, changes.length - shownCount);
  const difference = hiddenCount > 0 ? `${hiddenCount} more differ${hiddenCount === 1 ? 's' : ''}` : 'drifted';
  return { live: difference, desired: 'in sync', drift: true };
}
