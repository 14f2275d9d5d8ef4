import { TIMED_WORK, type Latency, type TimedWork } from './options';

const EXAMPLE = 'Example: deploy=8s,retrieve=3s,query=200ms';

/**
 * Reads how much server time each kind of work takes.
 * @example parseLatency('deploy=8s,query=200ms') // { deploy: 8000, query: 200 }
 */
export function parseLatency(spec: string): Latency {
  const latency: Latency = {};
  for (const part of spec.split(',')) {
    const [work, milliseconds] = parsePart(part.trim());
    if (latency[work] !== undefined) throw new Error(`Latency names "${work}" twice. ${EXAMPLE}`);
    latency[work] = milliseconds;
  }
  return latency;
}

function parsePart(part: string): [TimedWork, number] {
  const match = /^([^=]*)=(.*)$/.exec(part);
  if (!match) throw new Error(`Latency "${part}" is not of the form work=time. ${EXAMPLE}`);
  return [parseWork(match[1] ?? ''), parseMilliseconds(match[2] ?? '')];
}

function parseWork(name: string): TimedWork {
  const work = TIMED_WORK.find((candidate) => candidate === name.trim());
  if (!work) throw new Error(`Latency knows no work "${name}", only ${TIMED_WORK.join(', ')}. ${EXAMPLE}`);
  return work;
}

function parseMilliseconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|ms)$/.exec(text.trim());
  if (!match) throw new Error(`Latency time "${text}" is not a number with s or ms. ${EXAMPLE}`);
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}
