const CLEARED = 'session-cleared';

/**
 * Tells the other tabs of this site that the session was cleared, and hears it from them. A browser without
 * BroadcastChannel is told through storage.
 */
export function joinTabs(orgId, onCleared) {
  const name = `${orgId}_LOCAL_ORG_CHAT`;
  if ('BroadcastChannel' in window) {
    const channel = new BroadcastChannel(name);
    channel.addEventListener('message', ({ data }) => data === CLEARED && onCleared());
    return { cleared: () => channel.postMessage(CLEARED) };
  }
  window.addEventListener('storage', ({ key, newValue }) => key === name && newValue !== null && onCleared());
  return {
    cleared: () => {
      localStorage.setItem(name, CLEARED);
      localStorage.removeItem(name);
    },
  };
}
