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
export const webSnippet = (connection: ChannelConnection): string =>
  `<!-- Enhanced Chat: ${connection.channel} of ${connection.org}. Add this to the end of <body> on each page with chat. -->
${connection.verified ? IDENTITY_SCRIPT : ''}${chatSnippet(connection)}`;

/** Returns the HTML that loads chat: the code snippet of the chat deployment in Setup. */
export function chatSnippet(connection: ChannelConnection): string {
  const { orgId, name, site, scrt2URL } = chatSettings(connection);
  return `<script>
  function initEmbeddedMessaging() {
    embeddedservice_bootstrap.settings.language = document.documentElement.lang || 'en';
    embeddedservice_bootstrap.init(${jsString(orgId)}, ${jsString(name)}, ${jsString(site)}, {
      scrt2URL: ${jsString(scrt2URL)},
    });
  }
</script>
<script src="${escapeAttribute(site)}/assets/js/bootstrap.min.js" onload="initEmbeddedMessaging()"></script>
`;
}

/** The parameters of `embeddedservice_bootstrap.init` for the Web chat deployment of a channel. */
export function chatSettings(connection: ChannelConnection) {
  const { name = PLACEHOLDERS.deployment, site = PLACEHOLDERS.site } = chatDeploymentFor(connection, ['Web']) ?? {};
  return { orgId: connection.orgId, name, site, scrt2URL: chatApiUrlOrPlaceholder(connection) };
}

const IDENTITY_SCRIPT = `<!-- customerIdentity.js is in the static resources of this project. /token is your token endpoint on the same origin. -->
<script src="/customerIdentity.js" data-token-url="/token"></script>
<!-- On logout, after the request that ends the session, even if it failed, and before the page unloads: await customerIdentity.logout(); -->
`;
