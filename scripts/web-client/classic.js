import { connectComponent } from './component.js';
import { connectIdentity } from './identity.js';

/**
 * For pages without modules, and for those that forbid scripts of their own in the page: the tag itself can say what to join
 * chat to. What it starts is window.customerIdentity, beside the two functions.
 *
 *     <script src="customerIdentity.js" data-token-url="/token"></script>
 *     <script src="customerIdentity.js" data-component></script>
 */
const { tokenUrl, component } = document.currentScript?.dataset ?? {};

/** @returns {object} */
function started() {
  if (tokenUrl !== undefined) return connectIdentity({ tokenUrl });
  return component === undefined ? {} : connectComponent();
}

Object.assign(window, { customerIdentity: Object.assign(started(), { connectIdentity, connectComponent }) });
