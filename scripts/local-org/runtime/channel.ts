import { uuidOf } from '../identifiers';
import { readableDocumentOf, type StoredComponent } from '../metadata/store';
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
  readonly verified: boolean;
  readonly authorizations: readonly Authorization[];
  /** minutes an access token lives */
  readonly verifiedLife: number;
  readonly guestLife: number;
}

/** The UUID of a channel, different in every org. */
export function addressOf(org: Org, channel: StoredComponent): string {
  return uuidOf(org.orgId, channel.record.id);
}

export function channelNamed(org: Org, name: string): Channel | undefined {
  const component = org.metadata.find('MessagingChannel', name);
  const config = child(readableDocumentOf(component), 'embeddedConfig');
  if (!component) return undefined;
  return {
    name,
    address: addressOf(org, component),
    active: component.record.active ?? false,
    verified: authModeOf(config) === 'Auth',
    authorizations: authorizationsOf(config),
    verifiedLife: minutes(config, 'verifiedUserJwtExpirationTime', 60),
    guestLife: minutes(config, 'anonymousUserJwtExpirationTime', 360),
  };
}

// Help, set up user verification: 60 minutes for verified users and 360 for others, unless the channel says otherwise.
function minutes(config: XmlElement | undefined, name: string, otherwise: number): number {
  return Number(childText(config, name) ?? otherwise);
}

export function authModeOf(config: XmlElement | undefined): string {
  return childText(config, 'authMode') ?? 'UnAuth';
}

// An authorization that does not say so is not enabled. AuthProvider is "never to be selected" and verifies nobody.
function authorizationsOf(config: XmlElement | undefined): Authorization[] {
  return children(config, 'messagingAuthorizations')
    .filter((entry) => childText(entry, 'enabled') === 'true')
    .filter((entry) => childText(entry, 'authorizationType') === 'PublicKeyCertificateSet')
    .map((entry) => ({
      identifier: childText(entry, 'authIdentifier') ?? '',
      keyset: childText(entry, 'publicKeyCertificateSetName') ?? '',
    }));
}
