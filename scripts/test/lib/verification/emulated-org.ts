import type { TestContext } from 'node:test';
import { SOURCE_FOLDERS, mapOf, type Component } from '../../../lib/model';
import { writeXml } from '../../../lib/metadata';
import type { OrgUnderTest } from '../../../lib/verification/context';
import { startLocalOrg, type LocalOrg, type LocalOrgOptions } from '../../../local-org/index';
import { authorization, channel, chatDeployment, key, keyset } from '../explain/test-org';
import { keyPair, NOW, publicJwk } from '../jwk/test-keys';
import { ORG } from './fake-org';

/** A channel without user verification. */
export const guestChannel = (name: string): Component =>
  channel(name, { authMode: 'UnAuth', messagingAuthorizations: [], anonymousUserJwtExpirationTime: '90' });

const TRUSTED = authorization({ authorizationType: 'PublicKeyCertificateSet' });

/** A channel with user verification, in the form that a local org verifies tokens with. */
export const verifiedChannel = (name: string, change: Parameters<typeof channel>[1] = {}): Component =>
  channel(name, { messagingAuthorizations: [TRUSTED], ...change });

/** Two verified channels and an unverified one, each with a chat deployment; the keyset lists Web_2026 and `listedKeys`. */
export async function threeChannels(...listedKeys: readonly string[]): Promise<readonly Component[]> {
  return [
    key('Web_2026', await publicJwk()),
    keyset('Customer_Identity', ['Web_2026', ...listedKeys]),
    ...[verifiedChannel('Web_Chat'), verifiedChannel('Mobile_Chat'), guestChannel('Guest_Chat')],
    ...['Web_Chat', 'Mobile_Chat', 'Guest_Chat'].map((name) => chatDeployment(name)),
  ];
}

/** A key of another pair, with its own kid. */
export async function otherKey(name: string, isActive = 'true', change: object = {}): Promise<Component> {
  const jwk = { ...(await publicJwk(keyPair(name))), kid: name, ...change };
  return key(name, jwk, isActive);
}

const seedPath = ({ type, fullName }: Component): string =>
  `${SOURCE_FOLDERS[type].folder}/${fullName}.${SOURCE_FOLDERS[type].suffix}`;

export interface EmulatedOrg extends OrgUnderTest {
  readonly local: LocalOrg;
}

/** Starts a local org with components. Its channels are active and its chat deployments published. It is in sync. */
export async function emulatedOrg(
  t: Pick<TestContext, 'after'>,
  components: readonly Component[],
  options: Partial<LocalOrgOptions> = {},
): Promise<EmulatedOrg> {
  const local = await startLocalOrg({
    alias: 'uat',
    kind: 'sandbox',
    port: 0,
    loginKey: keyPair().publicKey,
    now: () => NOW,
    seed: components.map((each) => ({
      path: seedPath(each),
      content: writeXml(each.root),
      ...(each.type === 'MessagingChannel' && { active: true }),
      ...(each.type === 'EmbeddedServiceConfig' && { published: true }),
    })),
    ...options,
  });
  t.after(() => local.close());
  const channels = components.filter(({ type }) => type === 'MessagingChannel');
  const desired = mapOf(components);
  return {
    local,
    desired: {
      org: { ...ORG, channels: channels.map(({ fullName }) => fullName) },
      components: desired,
      compromised: [],
    },
    live: {
      facts: { orgId: local.orgId, kind: 'sandbox', name: 'UAT', missingPermissions: [] },
      components: desired,
      channels: new Map(channels.map(({ fullName }) => [fullName, { id: fullName, active: true }])),
    },
    changes: [],
    undeclaredTrust: [],
    readAt: NOW,
    chatApiUrl: local.url,
    queues: new Map([['Customer_Chat', { acceptsMessagingSessions: true, hasRouting: true }]]),
  };
}
