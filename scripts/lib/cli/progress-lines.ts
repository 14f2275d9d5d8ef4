/** How far one org is. Times are in milliseconds. */
export interface OrgProgress {
  readonly alias: string;
  readonly wave: number;
  readonly step: string;
  /** When its first step was reported. Undefined while the org waits. */
  readonly since?: number;
  /** How it ended, and when. */
  readonly outcome?: string;
  readonly until?: number;
}

/** Results that aren't failures. The verdict at the end of the output shows inconclusive checks. */
const SUCCESS_STATUSES: ReadonlySet<string> = new Set(['unchanged', 'planned', 'changed', 'verified', 'inconclusive']);

export const isSuccess = (outcome: string): boolean => SUCCESS_STATUSES.has(outcome);

/**
 * The line of each org. Of a fleet that is higher than the terminal only what matters now is shown: trouble first, then what
 * is under way, as far as there is room; an org that is not shown has an empty line.
 */
export function orgLines(orgs: readonly OrgProgress[], now: number, rows: number): ReadonlyMap<string, string> {
  const width = Math.max(0, ...orgs.map(({ alias }) => alias.length));
  const shown = visibleOrgs(orgs, rows);
  return new Map(orgs.map((org) => [org.alias, shown.has(org.alias) ? orgLine(org, width, now) : '']));
}

function orgLine({ alias, step, since, outcome, until }: OrgProgress, width: number, now: number): string {
  const time = since === undefined ? '' : formatElapsed((until ?? now) - since);
  return `${alias.padEnd(width)} ${time.padStart(6)}  ${outcome ?? step}`.trimEnd();
}

function visibleOrgs(orgs: readonly OrgProgress[], rows: number): ReadonlySet<string> {
  const maxLines = Math.max(1, rows - new Set(orgs.map(({ wave }) => wave)).size - 2);
  const all = orgs.length <= maxLines;
  const failed = orgs.filter(({ outcome }) => outcome !== undefined && !isSuccess(outcome));
  const running = orgs.filter(({ outcome, since }) => outcome === undefined && since !== undefined);
  const visible = all ? orgs : [...failed, ...running].slice(0, maxLines);
  return new Set(visible.map(({ alias }) => alias));
}

/** `Deploying wave 2: 3 of 12 done, 1 failed`. */
export function waveLine(verb: string, wave: number, orgs: readonly OrgProgress[]): string {
  const inWave = orgs.filter((org) => org.wave === wave);
  const ended = inWave.flatMap(({ outcome }) => outcome ?? []);
  const failures = ended.filter((outcome) => !isSuccess(outcome)).length;
  const rest = failures > 0 ? `, ${failures} failed` : '';
  return `${verb} wave ${wave}: ${ended.length} of ${inWave.length} done${rest}`;
}

/** `7s`, `2m 07s`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}
