import type { Connection } from './connection';
import { deploymentFor, MARKS, runtimeOrMark } from './gap';

/** As a string of JavaScript that cannot end the script it stands in. */
const js = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'").replaceAll('<', '\\u003c')}'`;

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * What a page of a website holds. The order of the scripts does not matter: the web client waits for the chat, and finds it
 * when it is there already (scripts/guides/client.md).
 */
export function webSnippet(connection: Connection): string {
  const deployment = deploymentFor(connection, ['Web']);
  const site = deployment?.site ?? MARKS.site;
  const name = deployment?.name ?? MARKS.deployment;
  return `<!-- Enhanced Chat: ${connection.channel} of ${connection.org}. At the end of <body> on every page with chat. -->
${connection.verified ? IDENTITY : ''}<script>
  function initEmbeddedMessaging() {
    embeddedservice_bootstrap.settings.language = document.documentElement.lang || 'en';
    embeddedservice_bootstrap.init(${js(connection.orgId)}, ${js(name)}, ${js(site)}, {
      scrt2URL: ${js(runtimeOrMark(connection))},
    });
  }
</script>
<script src="${attribute(site)}/assets/js/bootstrap.min.js" onload="initEmbeddedMessaging()"></script>
`;
}

const IDENTITY = `<!-- The file customerIdentity.js of this project's static resources. /token is your token endpoint, on this very origin. -->
<script src="/customerIdentity.js" data-token-url="/token"></script>
<!-- When the customer logs out, before the page goes: await customerIdentity.logout(); -->
`;
