import type { Org } from '../org/org';
import type { Request, Response } from './message';

/** One endpoint. */
export interface Route {
  readonly method: string;
  /** matched against the path; the handler gets its groups */
  readonly path: RegExp;
  /** whether it can be called without a session */
  readonly isPublic?: boolean;
  readonly handle: Handler;
}

export type Handler = (org: Org, request: Request, groups: readonly string[]) => Response | Promise<Response>;

/** Returns the route of a request and the groups of its path. */
export function findRoute(routes: readonly Route[], request: Request): { route: Route; groups: string[] } | undefined {
  for (const route of routes) {
    const match = route.method === request.method ? route.path.exec(request.path) : null;
    if (match) return { route, groups: match.slice(1) };
  }
  return undefined;
}
