/** A JWKS endpoint on this machine that the org reaches under a public URL. */
export interface Endpoint {
  /** The public URL of a path. */
  readonly urlOf: (path: string) => string;
}
