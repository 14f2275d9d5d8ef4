import { randomBytes } from 'node:crypto';

/** Access tokens that are valid now. They end with the process, as sessions do; clients log in again by themselves. */
export class Sessions {
  readonly #orgId: string;
  readonly #tokens = new Set<string>();
  /** for the refresh_token grant; replaced by the saved one when the org is started again */
  refreshToken: string;

  constructor(orgId: string) {
    this.#orgId = orgId;
    this.refreshToken = `5Aep${randomBytes(36).toString('hex')}`;
  }

  /** An access token as Salesforce writes it: 15 characters of org id, "!", letters, digits, dots and underscores. */
  create(): string {
    const token = `${this.#orgId.slice(0, 15)}!AQ${randomBytes(48).toString('base64url').replace(/-/g, '.')}`;
    this.#tokens.add(token);
    return token;
  }

  has(token: string | undefined): boolean {
    return token !== undefined && this.#tokens.has(token);
  }

  /** Ends one session, or all of them. */
  end(token?: string): void {
    if (token === undefined) this.#tokens.clear();
    else this.#tokens.delete(token);
  }
}
