import { connectComponent } from './component.js';
import { connectIdentity } from './identity.js';

/**
 * For pages that don't use modules, and for pages that block inline scripts. The attributes of the script element say where the
 * tokens come from. The result is available as window.customerIdentity, together with the two functions.
 *
 *     <script src="customerIdentity.js" data-token-url="/token"></script>
 *     <script src="customerIdentity.js" data-component></script>
 */
const { tokenUrl, component } = document.currentScript?.dataset ?? {};

/** @returns {object} */
function startFromAttributes() {
  if (tokenUrl !== undefined) return connectIdentity({ tokenUrl });
  return component === undefined ? {} : connectComponent();
}

Object.assign(window, {
  customerIdentity: Object.assign(startFromAttributes(), { connectIdentity, connectComponent }),
});
