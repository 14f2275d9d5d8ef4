import { keyOf, type Component, type ComponentKey, type ComponentMap, type Plan, type Snapshot } from '../model';
import { settingsOf } from './settings';

/** One org of a status: what it holds, and the plan that says what it should hold. Undefined where it could not be read. */
export interface Column {
  readonly alias: string;
  readonly kind: string;
  readonly read?: { readonly live: Snapshot; readonly plan: Plan; readonly desired: ComponentMap };
}

/** One cell: the live value and, where it differs, the one that config and source state. */
export interface Cell {
  readonly live: string | null;
  readonly desired: string | null;
  readonly drift: boolean;
}

/** One setting over all orgs. */
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

/** Builds the matrix. Every change of a plan shows in it, those of settings without a row of their own as a count. */
export function matrixOf(columns: readonly Column[], now: Date): Matrix {
  const filled = columns.map((column) => fill(column, now));
  const keys = [...new Set(filled.flatMap((cells) => [...cells.keys()]))];
  const rows = keys.map((key): Row => {
    const [component = '', setting = ''] = key.split('\n');
    return { component: component as ComponentKey, setting, cells: filled.map((cells) => cells.get(key) ?? EMPTY) };
  });
  const order = new Map([...new Set(rows.map(({ component }) => component))].map((component, index) => [component, index]));
  return {
    columns: columns.map(({ alias, kind, read }) => ({ alias, kind, reached: read !== undefined })),
    rows: rows.sort((one, other) => (order.get(one.component) ?? 0) - (order.get(other.component) ?? 0)),
  };
}

const EMPTY: Cell = { live: null, desired: null, drift: false };

type Cells = ReadonlyMap<string, Cell>;

function fill({ read }: Column, now: Date): Cells {
  if (!read) return new Map();
  const { live, plan, desired } = read;
  return new Map(
    [...desired.values()].flatMap((component) => {
      const key = keyOf(component);
      const before = live.components.get(key);
      const rows = settingCells(before, plan.bundle.get(key) ?? before, live, plan, now);
      return [...rows, otherChanges(key, plan, rows.length)].map(([setting, cell]) => [`${key}\n${setting}`, cell] as const);
    }).filter(([, cell]) => cell !== EMPTY),
  );
}

type Named = readonly [setting: string, cell: Cell];

function settingCells(before: Component | undefined, after: Component | undefined, live: Snapshot, plan: Plan, now: Date): readonly Named[] {
  const should = after ? settingsOf(after, activated(live, plan), now) : [];
  const is = new Map(before ? settingsOf(before, live.channels, now) : []);
  return should.map(([label, desired]) => {
    const value = is.get(label) ?? null;
    return [label, { live: value, desired, drift: value !== desired }];
  });
}

/** The channels as they would be after the plan. */
const activated = ({ channels }: Snapshot, { activate }: Plan): Snapshot['channels'] =>
  new Map([...channels, ...activate.map((name) => [name, { id: '', active: true }] as const)]);

/** Settings that have no row of their own still count as drift. */
function otherChanges(key: ComponentKey, { changes }: Plan, rows: number): Named {
  const own = changes.filter(({ component }) => component === key);
  if (own.some(({ action }) => action === 'create')) {
    return rows === 0 ? ['State', { live: null, desired: 'as stated', drift: true }] : ['', EMPTY];
  }
  const differ = own.filter(({ path }) => path !== 'isActive').length;
  if (differ > 0) return ['All settings', { live: `${differ} differ${differ === 1 ? 's' : ''}`, desired: 'as stated', drift: true }];
  return rows === 0 ? ['State', { live: 'as stated', desired: 'as stated', drift: false }] : ['', EMPTY];
}
