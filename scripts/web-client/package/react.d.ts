import type { GetToken, Reason, State } from './index.js';

export interface CustomerIdentity {
  readonly state: State;
  /** Set if the state is `failed`. */
  readonly reason: Reason | undefined;
  login(): void;
  logout(): Promise<void>;
}

/**
 * Passes an identity token to Enhanced Chat while the component is mounted. `getToken` can be a new function in each rendering. On a
 * server the state is `waiting`.
 */
export function useCustomerIdentity(options: { tokenUrl?: string; getToken?: GetToken }): CustomerIdentity;
