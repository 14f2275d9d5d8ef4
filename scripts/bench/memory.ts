import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_INTERVAL_MS = 200;

/**
 * Samples the memory of a process and its descendants. The returned function stops and gives the peak of their resident
 * sets in megabytes; shared memory counts for each process. Undefined on systems without /proc.
 */
export function watchMemory(pid: number): () => number | undefined {
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, residentMemory(pid))), SAMPLE_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    return peak > 0 ? peak : undefined;
  };
}

function residentMemory(root: number): number {
  const processes = readProcesses();
  const descendants = new Set([root]);
  // Process IDs wrap around, so a child can come before its parent: repeat until no process is added.
  for (let size = 0; size < descendants.size;) {
    size = descendants.size;
    for (const [pid, { parent }] of processes) if (descendants.has(parent)) descendants.add(pid);
  }
  return [...descendants].reduce((sum, pid) => sum + (processes.get(pid)?.resident ?? 0), 0);
}

interface ProcessMemory {
  readonly parent: number;
  readonly resident: number;
}

function readProcesses(): ReadonlyMap<number, ProcessMemory> {
  const processes = new Map<number, ProcessMemory>();
  for (const name of listNames('/proc')) if (/^\d+$/.test(name)) processes.set(Number(name), readProcess(name));
  return processes;
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A process that has ended has no parent and no memory. Source: proc(5), PPid and VmRSS in kB. */
function readProcess(pid: string): ProcessMemory {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const numberOf = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return { parent: numberOf('PPid'), resident: numberOf('VmRSS') / 1024 };
  } catch {
    return { parent: 0, resident: 0 };
  }
}
