import { child, children, childText, type XmlElement } from '../metadata/xml';
import type { Rule } from './rule';
import { SOURCES } from './sources';

const type = 'MessagingChannel';

/**
 * Rules for user verification configurations, which link a channel to a keyset. A channel with authMode Auth and without an
 * authorization deploys, although it verifies no user: examples in a Salesforce playbook do this.
 */
export const AUTHORIZATION_RULES: readonly Rule[] = [
  {
    name: 'authorization-keyset-exists',
    type,
    source: SOURCES.unresolvedKeyset,
    certainty: 'confirmed',
    textKnown: true,
    check({ root }, view) {
      return authorizationElements(root)
        .filter((entry) => childText(entry, 'authorizationType') === 'PublicKeyCertificateSet')
        .filter((entry) => !view.has('PublicKeyCertificateSet', childText(entry, 'publicKeyCertificateSetName') ?? ''))
        .map((at) => ({ text: 'Required fields are missing: [AuthorizationConfigId]', at }));
    },
  },
  {
    name: 'authorization-identifier',
    type,
    source: SOURCES.channel,
    certainty: 'confirmed',
    textKnown: false,
    check({ root }) {
      return authorizationElements(root).flatMap((entry) => {
        const identifier = child(entry, 'authIdentifier');
        if (!identifier || /^[A-Za-z][A-Za-z0-9_]*$/.test(identifier.text.trim())) return [];
        const text = 'authIdentifier must begin with a letter and contain only letters, digits, and underscores';
        return [{ text, at: identifier }];
      });
    },
  },
];

/** The names of the keysets that a channel refers to. */
export function keysetNames(channel: XmlElement): string[] {
  return authorizationElements(channel).flatMap((entry) => childText(entry, 'publicKeyCertificateSetName') ?? []);
}

function authorizationElements(channel: XmlElement): readonly XmlElement[] {
  return children(child(channel, 'embeddedConfig'), 'messagingAuthorizations');
}
