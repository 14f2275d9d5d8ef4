const CHANNEL_NAME = 'customer-identity';

/**
 * Sends a logout to the other tabs of this origin, and calls `onLogout` when another tab sends one.
 * @param {() => void} onLogout
 */
export const logoutChannel = (onLogout) =>
  window.BroadcastChannel ? broadcastChannel(onLogout) : storageChannel(onLogout);

/** @param {() => void} onLogout */
function broadcastChannel(onLogout) {
  const channel = new BroadcastChannel(CHANNEL_NAME);
  channel.onmessage = onLogout;
  return { send: () => channel.postMessage(''), close: () => channel.close() };
}

/**
 * For browsers without BroadcastChannel. Stores only the time of the logout.
 * @param {() => void} onLogout
 */
function storageChannel(onLogout) {
  /** @param {StorageEvent} event */
  const onStorage = ({ key }) => {
    if (key === CHANNEL_NAME) onLogout();
  };
  window.addEventListener('storage', onStorage);
  return {
    send() {
      try {
        localStorage.setItem(CHANNEL_NAME, String(Date.now()));
      } catch {
        // Without storage there is no way to reach the other tabs.
      }
    },
    close: () => window.removeEventListener('storage', onStorage),
  };
}
