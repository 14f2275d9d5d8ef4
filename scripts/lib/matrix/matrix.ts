import {
  isComponentType,
  keyOf,
  type Component,
  type ComponentKey,
  type ComponentMap,
  type ComponentType,
  type Plan,
  type Snapshot,
} from '../model';
import { settingsOf } from './settings';

/** What was read of one org: what it holds, and the plan that says what it should hold. */
export interface Reading {
  readonly live: Snapshot;
  readonly plan: Plan;
  readonly desired: ComponentMap;
}

/** One org of a status; without a reading it could not be reached. */
export interface Column {
  readonly alias: string;
  readonly kind: string;
  readonly read?: Reading;
}

/** One cell: the live value and, where it differs, the one that config and source state. */
export interface Cell {
  readonly live: string | null;
  readonly desired: string | null;
  readonly drift: boolean;
}

/** One setting over all orgs. The row of a component as a whole has an empty setting. */
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

/** What people look for comes first. */
const ORDER: readonly ComponentType[] = [
  'MessagingChannel',
  'PublicKeyCertificateSet',
  'PublicKeyCertificate',
  'EmbeddedServiceConfig',
  'Queue',
  'QueueRoutingConfig',
  'CorsWhitelistOrigin',
  'PermissionSet',
];

const NOTHING: Cell = { live: null, desired: null, drift: false };

/** Builds the matrix. Every change of a plan shows in it: in the row of its setting, or in that of its component. */
export function matrixOf(columns: readonly Column[], now: Date): Matrix {
  const cells = columns.map(({ read }) => (read ? cellsOf(read, now) : new Map<string, Cell>()));
  const keys = [...new Set(cells.flatMap((column) => [...column.keys()]))];
  return {
    columns: columns.map(({ alias, kind, read }) => ({ alias, kind, reached: read !== undefined })),
    rows: keys.map((key) => rowOf(key, cells)).sort((one, other) => compare(one.component, other.component)),
  };
}

function rowOf(key: string, cells: readonly ReadonlyMap<string, Cell>[]): Row {
  const [component = '', setting = ''] = key.split('\n');
  return { component: component as ComponentKey, setting, cells: cells.map((column) => column.get(key) ?? NOTHING) };
}

/** By kind, then by name; rows of one component stay in their order. */
function compare(one: ComponentKey, other: ComponentKey): number {
  return rank(one) - rank(other) || (one === other ? 0 : one < other ? -1 : 1);
}

function rank(key: ComponentKey): number {
  const type = key.split(':')[0] ?? '';
  return isComponentType(type) ? ORDER.indexOf(type) : ORDER.length;
}

/** The cells of one org, by component and setting. */
function cellsOf(read: Reading, now: Date): ReadonlyMap<string, Cell> {
  return new Map(
    [...read.desired.values()].flatMap((component) => {
      const key = keyOf(component);
      const settings = settingCells(key, read, now);
      return [['', wholeCell(key, read, settings)] as const, ...settings].map(
        ([setting, cell]) => [`${key}\n${setting}`, cell] as const,
      );
    }),
  );
}

type Named = readonly [setting: string, cell: Cell];

function settingCells(key: ComponentKey, { live, plan }: Reading, now: Date): readonly Named[] {
  const before = live.components.get(key);
  const is = new Map(valuesOf(before, live.channels, now));
  return valuesOf(plan.bundle.get(key) ?? before, activated(live, plan), now).map(([label, desired]) => {
    const value = is.get(label) ?? null;
    return [label, { live: value, desired, drift: value !== desired }];
  });
}

const valuesOf = (
  component: Component | undefined,
  channels: Snapshot['channels'],
  now: Date,
): ReturnType<typeof settingsOf> => (component ? settingsOf(component, channels, now) : []);

/** The channels as they would be after the plan. */
const activated = ({ channels }: Snapshot, { activate }: Plan): Snapshot['channels'] =>
  new Map([...channels, ...activate.map((name) => [name, { id: '', active: true }] as const)]);

/** Whether a component is there and as stated; differences without a row of their own count here. */
function wholeCell(key: ComponentKey, { live, plan }: Reading, settings: readonly Named[]): Cell {
  const changes = plan.changes.filter(({ component }) => component === key);
  if (!live.components.has(key)) return { live: 'missing', desired: 'as stated', drift: true };
  if (changes.length === 0) return { live: 'as stated', desired: 'as stated', drift: false };
  const shown = settings.filter(([, { drift }]) => drift).length;
  const hidden = Math.max(0, changes.length - shown);
  const differs = hidden > 0 ? `${hidden} more differ${hidden === 1 ? 's' : ''}` : 'differs';
  return { live: differs, desired: 'as stated', drift: true };
}
