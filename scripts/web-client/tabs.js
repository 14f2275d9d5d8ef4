const NAME = 'customer-identity';

/**
 * The other tabs of this origin: hears of a logout there, and tells them of one here.
 * @param {() => void} onLogout
 */
export const otherTabs = (onLogout) =>
  typeof BroadcastChannel === 'function' ? channelTo(onLogout) : storageTo(onLogout);

/** @param {() => void} onLogout */
function channelTo(onLogout) {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = onLogout;
  return { tell: () => channel.postMessage('logout'), close: () => channel.close() };
}

/**
 * For browsers without BroadcastChannel. What is stored is the time of the logout, and nothing else.
 * @param {() => void} onLogout
 */
function storageTo(onLogout) {
  /** @param {StorageEvent} event */
  const heard = ({ key }) => {
    if (key === NAME) onLogout();
  };
  window.addEventListener('storage', heard);
  return {
    tell() {
      try {
        localStorage.setItem(NAME, String(Date.now()));
      } catch {
        // Without storage the other tabs cannot be told.
      }
    },
    close: () => window.removeEventListener('storage', heard),
  };
}
