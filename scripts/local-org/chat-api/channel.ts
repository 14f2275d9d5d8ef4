import { uuidOf } from '../identifiers';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { child, children, childText, type XmlElement } from '../metadata/xml';
import type { Org } from '../org/org';

/** An enabled user verification configuration of a channel. */
export interface Authorization {
  readonly identifier: string;
  readonly keyset: string;
}

/** The settings of a messaging channel that apply to a token. They are read for each token, so a change needs no publish. */
export interface Channel {
  readonly name: string;
  /** ChannelAddressIdentifier */
  readonly address: string;
  readonly active: boolean;
  readonly verifiesUsers: boolean;
  readonly authorizations: readonly Authorization[];
  /** lifetimes of access tokens in minutes */
  readonly verifiedTokenMinutes: number;
  readonly unverifiedTokenMinutes: number;
}

/** The UUID of a channel, different in each org. */
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

// Help, set up user verification: the defaults are 60 minutes for verified users and 360 for unverified users.
function minutesOrDefault(config: XmlElement | undefined, name: string, defaultMinutes: number): number {
  return Number(childText(config, name) ?? defaultMinutes);
}

export function authMode(config: XmlElement | undefined): string {
  return childText(config, 'authMode') ?? 'UnAuth';
}

// The default of `enabled` is false. The type AuthProvider "should never be selected", and verifies no user.
function enabledAuthorizations(config: XmlElement | undefined): Authorization[] {
  return children(config, 'messagingAuthorizations')
    .filter((entry) => childText(entry, 'enabled') === 'true')
    .filter((entry) => childText(entry, 'authorizationType') === 'PublicKeyCertificateSet')
    .map((entry) => ({
      identifier: childText(entry, 'authIdentifier') ?? '',
      keyset: childText(entry, 'publicKeyCertificateSetName') ?? '',
    }));
}
