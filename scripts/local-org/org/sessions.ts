import { randomBytes } from 'node:crypto';

/** The valid access tokens of the org's user. They are kept in memory only; clients renew them automatically. */
export class Sessions {
  readonly #orgId: string;
  readonly #tokens = new Set<string>();
  /** for the refresh_token grant; replaced by the saved token when the org restarts */
  refreshToken: string;

  constructor(orgId: string) {
    this.#orgId = orgId;
    this.refreshToken = `5Aep${randomBytes(36).toString('hex')}`;
  }

  /** Creates an access token in Salesforce's format: 15 characters of the org ID, "!", letters, digits, dots, underscores. */
  create(): string {
    const token = `${this.#orgId.slice(0, 15)}!AQ${randomBytes(48).toString('base64url').replace(/-/g, '.')}`;
    this.#tokens.add(token);
    return token;
  }

  has(token: string | undefined): boolean {
    return token !== undefined && this.#tokens.has(token);
  }

  /** Ends one session, or all sessions. */
  end(token?: string): void {
    if (token === undefined) this.#tokens.clear();
    else this.#tokens.delete(token);
  }
}
