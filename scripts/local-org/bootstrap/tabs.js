const SESSION_CLEARED = 'session-cleared';

/**
 * Connects the tabs of this origin: sends that the session was cleared, and calls `onCleared` when another tab sends it, until
 * it is closed. Uses storage events in a browser without BroadcastChannel.
 */
export function createTabChannel(orgId, onCleared) {
  const name = `${orgId}_LOCAL_ORG_CHAT`;
  if ('BroadcastChannel' in window) {
    const channel = new BroadcastChannel(name);
    channel.addEventListener('message', ({ data }) => data === SESSION_CLEARED && onCleared());
    return { sendCleared: () => channel.postMessage(SESSION_CLEARED), close: () => channel.close() };
  }
  const onStorage = ({ key, newValue }) => key === name && newValue !== null && onCleared();
  window.addEventListener('storage', onStorage);
  return {
    close: () => window.removeEventListener('storage', onStorage),
    sendCleared: () => {
      localStorage.setItem(name, SESSION_CLEARED);
      localStorage.removeItem(name);
    },
  };
}
