import type { ChannelConnection } from './channel-connection';
import { chatDeploymentFor, PLACEHOLDERS, chatApiUrlOrPlaceholder } from './placeholders';

/** As a string of JavaScript that cannot end the script it stands in. */
const jsString = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'").replaceAll('<', '\\u003c')}'`;

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * What a page of a website holds. The order of the scripts does not matter: the web client waits for the chat, and finds it
 * when it is there already (scripts/guides/client.md).
 */
export function webSnippet(connection: ChannelConnection): string {
  const deployment = chatDeploymentFor(connection, ['Web']);
  const site = deployment?.site ?? PLACEHOLDERS.site;
  const name = deployment?.name ?? PLACEHOLDERS.deployment;
  return `<!-- Enhanced Chat: ${connection.channel} of ${connection.org}. At the end of <body> on every page with chat. -->
${connection.verified ? IDENTITY_SCRIPT : ''}<script>
  function initEmbeddedMessaging() {
    embeddedservice_bootstrap.settings.language = document.documentElement.lang || 'en';
    embeddedservice_bootstrap.init(${jsString(connection.orgId)}, ${jsString(name)}, ${jsString(site)}, {
      scrt2URL: ${jsString(chatApiUrlOrPlaceholder(connection))},
    });
  }
</script>
<script src="${escapeAttribute(site)}/assets/js/bootstrap.min.js" onload="initEmbeddedMessaging()"></script>
`;
}

const IDENTITY_SCRIPT = `<!-- The file customerIdentity.js of this project's static resources. /token is your token endpoint, on this very origin. -->
<script src="/customerIdentity.js" data-token-url="/token"></script>
<!-- When the customer logs out, before the page goes: await customerIdentity.logout(); -->
`;
