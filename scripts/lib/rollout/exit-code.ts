import { EXIT, type ExitCode } from '../errors';
import type { OrgResult } from '../model';

/** A failed org outweighs an unreachable one, and that outweighs changes; what was skipped follows from one of them. */
export function exitCodeOf(orgs: readonly OrgResult[]): ExitCode {
  const results = new Set(orgs.map(({ status }) => status));
  if (results.has('failed') || results.has('unknown')) return EXIT.failed;
  if (results.has('unreachable')) return EXIT.unreachable;
  return results.has('planned') ? EXIT.changes : EXIT.done;
}
