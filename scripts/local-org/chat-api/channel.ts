import { uuidOf } from '../identifiers';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { child, children, childText, type XmlElement } from '../metadata/xml';
import type { Org } from '../org/org';

/** One enabled User Verification Configuration of a channel. */
export interface Authorization {
  readonly identifier: string;
  readonly keyset: string;
}

/** A messaging channel as the runtime reads it, live, for every token: a change needs no publishing. */
export interface Channel {
  readonly name: string;
  /** ChannelAddressIdentifier */
  readonly address: string;
  readonly active: boolean;
  readonly verifiesUsers: boolean;
  readonly authorizations: readonly Authorization[];
  /** minutes an access token lives */
  readonly verifiedTokenMinutes: number;
  readonly unverifiedTokenMinutes: number;
}

/** The UUID of a channel, different in every org. */
export function channelAddressId(org: Org, channel: StoredComponent): string {
  return uuidOf(org.orgId, channel.record.id);
}

export function findChannel(org: Org, name: string): Channel | undefined {
  const component = org.metadata.find('MessagingChannel', name);
  const config = child(tryParseDocument(component), 'embeddedConfig');
  if (!component) return undefined;
  return {
    name,
    address: channelAddressId(org, component),
    active: component.record.active ?? false,
    verifiesUsers: authMode(config) === 'Auth',
    authorizations: enabledAuthorizations(config),
    verifiedTokenMinutes: minutesOrDefault(config, 'verifiedUserJwtExpirationTime', 60),
    unverifiedTokenMinutes: minutesOrDefault(config, 'anonymousUserJwtExpirationTime', 360),
  };
}

// Help, set up user verification: 60 minutes for verified users and 360 for others, unless the channel says otherwise.
function minutesOrDefault(config: XmlElement | undefined, name: string, defaultMinutes: number): number {
  return Number(childText(config, name) ?? defaultMinutes);
}

export function authMode(config: XmlElement | undefined): string {
  return childText(config, 'authMode') ?? 'UnAuth';
}

// An authorization that does not say so is not enabled. AuthProvider is "never to be selected" and verifies nobody.
function enabledAuthorizations(config: XmlElement | undefined): Authorization[] {
  return children(config, 'messagingAuthorizations')
    .filter((entry) => childText(entry, 'enabled') === 'true')
    .filter((entry) => childText(entry, 'authorizationType') === 'PublicKeyCertificateSet')
    .map((entry) => ({
      identifier: childText(entry, 'authIdentifier') ?? '',
      keyset: childText(entry, 'publicKeyCertificateSetName') ?? '',
    }));
}
