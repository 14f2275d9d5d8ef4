import { useCallback, useEffect, useRef, useState } from 'react';
import { connectIdentity } from './index.js';

/**
 * Passes an identity token to Enhanced Chat while the component is mounted. `getToken` can be a new function in each rendering.
 * @param {{ tokenUrl?: string, getToken?: import('./index.js').GetToken }} options
 * @returns {import('./react.js').CustomerIdentity}
 */
export function useCustomerIdentity({ tokenUrl, getToken }) {
  const [status, setStatus] = useState(WAITING);
  const identity = useRef(NONE);
  const latestGetToken = useRef(getToken);
  latestGetToken.current = getToken;
  const latest = useCallback(/** @param {AbortSignal} signal */ (signal) => latestGetToken.current?.(signal), []);
  const usesFunction = getToken !== undefined;
  useEffect(() => {
    const source = usesFunction ? { getToken: latest } : { tokenUrl };
    const connected = connectIdentity({ ...source, onState: (state, reason) => setStatus({ state, reason }) });
    identity.current = connected;
    return () => {
      identity.current = NONE;
      connected.stop();
    };
  }, [tokenUrl, usesFunction, latest]);
  const login = useCallback(() => identity.current.login(), []);
  const logout = useCallback(() => identity.current.logout(), []);
  return { ...status, login, logout };
}

/** @type {{ state: import('./index.js').State, reason: import('./index.js').Reason | undefined }} */
const WAITING = { state: 'waiting', reason: undefined };

/** Before the component is mounted, and after it was removed, there is nothing to log in or out. */
const NONE = { login() {}, async logout() {} };
