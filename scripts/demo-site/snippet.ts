import type { LocalOrg } from '../local-org/index';
import { CHANNEL } from './project';

/** What the code snippet in Setup would say; the local org is its own site and its own messaging runtime. */
export const chatOf = ({ orgId, url }: LocalOrg): Readonly<Record<string, string>> => ({
  orgId: orgId.slice(0, 15),
  deployment: CHANNEL,
  siteUrl: `${url}/ESW${CHANNEL}`,
  scrt2URL: url,
});

/** The code snippet, to be pasted into a page. */
export function snippetOf(org: LocalOrg): string {
  const { orgId, deployment, siteUrl, scrt2URL } = chatOf(org);
  return `<script src="${siteUrl}/assets/js/bootstrap.min.js"></script>
<script>
  embeddedservice_bootstrap.settings.language = 'en_US';
  embeddedservice_bootstrap.init('${orgId}', '${deployment}', '${siteUrl}', { scrt2URL: '${scrt2URL}' });
</script>`;
}
