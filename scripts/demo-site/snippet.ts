import type { LocalOrg } from '../local-org/index';
import { CHANNEL } from './project';

/** What chat has to be told of an org; the local org is its own site and its own messaging runtime. */
export const chatOf = ({ orgId, url }: LocalOrg): Readonly<Record<string, string>> => ({
  orgId: orgId.slice(0, 15),
  deployment: CHANNEL,
  siteUrl: `${url}/ESW${CHANNEL}`,
  scrt2URL: url,
});

/** The code snippet as Setup shows it, to be pasted into a page. */
export function snippetOf(org: LocalOrg): string {
  const { orgId, deployment, siteUrl, scrt2URL } = chatOf(org);
  return `<script>
  function initEmbeddedMessaging() {
    embeddedservice_bootstrap.settings.language = 'en_US';
    embeddedservice_bootstrap.init('${orgId}', '${deployment}', '${siteUrl}', { scrt2URL: '${scrt2URL}' });
  }
</script>
<script src="${siteUrl}/assets/js/bootstrap.min.js" onload="initEmbeddedMessaging()"></script>`;
}
