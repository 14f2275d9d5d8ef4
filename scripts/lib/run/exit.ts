import { EXIT, type ExitCode } from '../errors';
import type { Outcome } from '../model';

/** A failed org outweighs an unreachable one, and that outweighs changes; what was skipped follows from one of them. */
export function exitOf(orgs: readonly Outcome[]): ExitCode {
  const results = new Set(orgs.map(({ outcome }) => outcome));
  if (results.has('failed') || results.has('unknown')) return EXIT.failed;
  if (results.has('unreachable')) return EXIT.unreachable;
  return results.has('planned') ? EXIT.changes : EXIT.done;
}
