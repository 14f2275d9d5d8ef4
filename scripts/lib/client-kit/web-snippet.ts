import type { ChannelConnection } from './channel-connection';
import { chatDeploymentFor, PLACEHOLDERS, chatApiUrlOrPlaceholder } from './placeholders';

/** Returns a JavaScript string literal that can't end the script element. */
const jsString = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'").replaceAll('<', '\\u003c')}'`;

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * Returns the HTML for each page with chat. The scripts can load in any order: the web client waits for chat
 * (scripts/guides/client.md).
 */
export function webSnippet(connection: ChannelConnection): string {
  const deployment = chatDeploymentFor(connection, ['Web']);
  const site = deployment?.site ?? PLACEHOLDERS.site;
  const name = deployment?.name ?? PLACEHOLDERS.deployment;
  return `<!-- Enhanced Chat: ${connection.channel} of ${connection.org}. Add this to the end of <body> on each page with chat. -->
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

const IDENTITY_SCRIPT = `<!-- customerIdentity.js is in the static resources of this project. /token is your token endpoint on the same origin. -->
<script src="/customerIdentity.js" data-token-url="/token"></script>
<!-- On logout, before the page unloads: await customerIdentity.logout(); -->
`;
