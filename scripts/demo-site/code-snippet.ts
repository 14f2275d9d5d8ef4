import type { LocalOrg } from '../local-org/index';
import { CHANNEL } from './demo-project';

/** The settings of chat for an org. The local org is its own site and its own Enhanced Chat API host. */
export const chatSettings = ({ orgId, url }: LocalOrg): Readonly<Record<string, string>> => ({
  orgId: orgId.slice(0, 15),
  deployment: CHANNEL,
  siteUrl: `${url}/ESW${CHANNEL}`,
  scrt2URL: url,
});

/** The code snippet of the chat deployment, as in Setup. */
export function codeSnippet(org: LocalOrg): string {
  const { orgId, deployment, siteUrl, scrt2URL } = chatSettings(org);
  return `<script>
  function initEmbeddedMessaging() {
    embeddedservice_bootstrap.settings.language = 'en_US';
    embeddedservice_bootstrap.init('${orgId}', '${deployment}', '${siteUrl}', { scrt2URL: '${scrt2URL}' });
  }
</script>
<script src="${siteUrl}/assets/js/bootstrap.min.js" onload="initEmbeddedMessaging()"></script>`;
}
