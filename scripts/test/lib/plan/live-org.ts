import { diffOrg, type OrgDiff } from '../../../lib/plan';
import { overlay } from '../../../lib/metadata';
import { isComponentType, keyOf, mapOf, type Component, type LiveState } from '../../../lib/model';
import { readComponent } from '../rules/org-components';

const keyset = (issuer: string, rest: string): string =>
  `<jwtIssuer>${issuer}</jwtIssuer><masterLabel>Keys</masterLabel>${rest}`;
const JWK = '{"kty":"RSA","kid":"2026-A","n":"0123456789abcdefghij","e":"AQAB"}';

/** The live components of the org by key, as XML without the root element. */
export const LIVE: Readonly<Record<string, string>> = {
  'MessagingChannel:Web': `<description>For customers</description><embeddedConfig>
    <anonymousUserJwtExpirationTime>360</anonymousUserJwtExpirationTime><authMode>Auth</authMode>
    <messagingAuthorizations><authIdentifier>Customer</authIdentifier><enabled>true</enabled>
    <publicKeyCertificateSetName>Keys</publicKeyCertificateSetName></messagingAuthorizations>
    <verifiedUserJwtExpirationTime>120</verifiedUserJwtExpirationTime></embeddedConfig><masterLabel>Web</masterLabel>
    <queueRoutingConfig>Route</queueRoutingConfig><sessionHandlerQueue>Chat</sessionHandlerQueue>`,
  'PublicKeyCertificateSet:Keys': keyset(
    'https://id.example.com',
    `<publicKeyCertificateSetKeys><publicKeyCertificate>Key_A</publicKeyCertificate></publicKeyCertificateSetKeys><type>JWKS</type>`,
  ),
  'PublicKeyCertificateSet:Fetched': keyset(
    'https://login.example.com',
    '<jwksEndPoint>https://login.example.com/jwks</jwksEndPoint><type>JWKS_URL</type>',
  ),
  'PublicKeyCertificate:Key_A': `<isActive>true</isActive><jsonWebKey>${JWK}</jsonWebKey><masterLabel>Key A</masterLabel>`,
  'PublicKeyCertificate:Key_B': `<isActive>true</isActive><jsonWebKey>{"kid":"2026-B"}</jsonWebKey><masterLabel>Key B</masterLabel>`,
  'EmbeddedServiceConfig:Site': `<deploymentType>Web</deploymentType><embeddedServiceMessagingChannel><isEnabled>true</isEnabled>
    <messagingChannel>Web</messagingChannel></embeddedServiceMessagingChannel><masterLabel>Site</masterLabel>`,
  'Queue:Chat': '<email>a@example.com</email><name>Chat</name>',
  'QueueRoutingConfig:Route': '<capacityWeight>1</capacityWeight><label>Route</label>',
  'CorsWhitelistOrigin:Shop': '<urlPattern>https://shop.example.com</urlPattern>',
  'CspTrustedSite:Shop': '<endpointUrl>https://shop.example.com</endpointUrl><isActive>true</isActive>',
  'PermissionSet:Admin': '<label>Admin</label>',
};

export type Edit = readonly [from: string, to: string];

/** The text with replacements. Fails if a replacement changes nothing. */
export const applyEdits = (text: string, edits: readonly Edit[]): string =>
  edits.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`Nothing to replace: ${from}`);
    return before.replace(from, () => to);
  }, text);

const component = (key: string, content: string): Component => {
  const [type = '', fullName = ''] = key.split(':');
  if (!isComponentType(type)) throw new Error(key);
  return readComponent(type, fullName, `<${type}>${content}</${type}>`);
};

/** The org with other contents; undefined deletes a component. */
export function liveState(overrides: Readonly<Record<string, string | undefined>>, active: boolean): LiveState {
  const contents = Object.entries({ ...LIVE, ...overrides });
  const components = contents.flatMap(([key, content]) => (content === undefined ? [] : [component(key, content)]));
  return {
    facts: { orgId: '00D000000000001EAA', kind: 'sandbox', name: 'Dev', missingPermissions: [] },
    components: mapOf(components),
    channels: new Map([['Web', { id: '0Mj000000000001AAA', active }]]),
  };
}

/** The plan if one component is declared with this content and all others are in sync. By default, no channel is activated. */
export function diffAfter(live: LiveState, key: string, content: string, activate = false): OrgDiff {
  const declared = component(key, content);
  const before = live.components.get(keyOf(declared));
  const merged = before ? { ...declared, root: overlay(before.root, declared.root) } : declared;
  return diffOrg(live, mapOf([...live.components.values(), merged]), activate ? [] : ['Web']);
}
