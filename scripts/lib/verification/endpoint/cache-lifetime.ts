import { pluralize } from '../../model';
import type { HttpResponse } from '../../http';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** How long caches may keep a response. */
export interface CacheLifetime {
  readonly seconds: number;
  /** The headers that say so, as text. */
  readonly headers: string;
}

/**
 * How long a shared cache may keep a response (RFC 9111, section 4.2.1): s-maxage, else max-age, else Expires minus Date. A
 * response that a cache has already kept for a while (Age) still has the whole lifetime, because other caches request it at other
 * times.
 */
export function cacheLifetimeOf({ headers }: Pick<HttpResponse, 'headers'>): CacheLifetime {
  const [control, expires, age] = ['cache-control', 'expires', 'age'].map((name) => headers.get(name) ?? '');
  const shown = [
    ...(control ? [control] : []),
    ...(expires ? [`Expires: ${expires}`] : []),
    ...(age ? [`Age: ${age}`] : []),
  ];
  const text = shown.length > 0 ? shown.join(', ') : 'no Cache-Control';
  return { seconds: Math.max(0, freshnessSeconds(headers, control ?? '', expires ?? '')), headers: text };
}

function freshnessSeconds(headers: Headers, control: string, expires: string): number {
  const directives = new Map(control.split(',').map((part) => splitDirective(part)));
  if (directives.has('no-store') || directives.has('no-cache')) return 0;
  const explicit = directives.get('s-maxage') ?? directives.get('max-age');
  if (explicit !== undefined) return Number(explicit) || 0;
  const [until, from] = [Date.parse(expires), Date.parse(headers.get('date') ?? '')];
  return Number.isNaN(until) ? 0 : Math.floor((until - (Number.isNaN(from) ? Date.now() : from)) / 1000);
}

/** A directive in lower case with its value, without quotation marks. */
function splitDirective(part: string): readonly [string, string] {
  const [name = '', value = ''] = part.split('=');
  return [name.trim().toLowerCase(), value.trim().replaceAll('"', '')];
}

/** A number of seconds in its largest unit, rounded down, such as `38 days`. */
export function durationText(seconds: number): string {
  const [size, noun] =
    seconds >= 2 * DAY
      ? [DAY, 'day']
      : seconds >= HOUR
        ? [HOUR, 'hour']
        : seconds >= 60
          ? [60, 'minute']
          : [1, 'second'];
  return pluralize(Math.floor(seconds / size), noun);
}
