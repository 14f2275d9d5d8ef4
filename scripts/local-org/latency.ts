import { TIMED_WORK, type Latency, type TimedWork } from './options';

const EXAMPLE = 'Example: deploy=8s,retrieve=3s,query=200ms';

/**
 * Parses the value of `--latency`: the server time of each kind of work.
 * @example parseLatency('deploy=8s,query=200ms') // { deploy: 8000, query: 200 }
 */
export function parseLatency(spec: string): Latency {
  const latency: Latency = {};
  for (const part of spec.split(',')) {
    const [work, milliseconds] = parsePart(part.trim());
    if (latency[work] !== undefined) throw new Error(`Duplicate latency for "${work}". ${EXAMPLE}`);
    latency[work] = milliseconds;
  }
  return latency;
}

function parsePart(part: string): [TimedWork, number] {
  const match = /^([^=]*)=(.*)$/.exec(part);
  if (!match) throw new Error(`Invalid latency "${part}": expected work=time. ${EXAMPLE}`);
  return [parseWork(match[1] ?? ''), parseMilliseconds(match[2] ?? '')];
}

function parseWork(name: string): TimedWork {
  const work = TIMED_WORK.find((candidate) => candidate === name.trim());
  if (!work) throw new Error(`Unknown work "${name}". Valid kinds of work: ${TIMED_WORK.join(', ')}. ${EXAMPLE}`);
  return work;
}

function parseMilliseconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|ms)$/.exec(text.trim());
  if (!match) throw new Error(`Invalid time "${text}": expected a number with s or ms. ${EXAMPLE}`);
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}
