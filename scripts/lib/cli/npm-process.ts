import { readFileSync } from 'node:fs';

/**
 * The process ID of the npm that started this command. npm runs a command in a shell, which some systems replace with the
 * command. Undefined if npm didn't start it. The ID changes when npm ends, because another process then adopts its child.
 */
export function findStarter(): number | undefined {
  const script = process.env['npm_lifecycle_script'];
  if (script === undefined) return undefined;
  const isShell = readProcess(process.ppid, 'cmdline').includes(script);
  return isShell ? parentOf(process.ppid) : process.ppid;
}

/** The starter when this file is loaded. Later, it can have ended. */
export const STARTER = findStarter();

/** Field 4 of stat in proc(5), after the name in parentheses. */
function parentOf(id: number): number {
  const stat = readProcess(id, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

/** Empty on systems without /proc, and for a process that ended. */
function readProcess(id: number, file: 'cmdline' | 'stat'): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
