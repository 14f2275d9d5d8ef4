import { child, children, childText, type XmlElement } from '../metadata/xml';
import { unresolvedReference, type Violation, type Rule, type OrgView } from './rule';
import { SOURCES } from './sources';

/** Rules for the channels of chat deployments, queues, origins, and permission sets. */
export const RELATED_RULES: readonly Rule[] = [
  referenceRule('deployment-channel-exists', 'EmbeddedServiceConfig', 'messagingChannel', 'MessagingChannel', (root) =>
    children(root, 'embeddedServiceMessagingChannel'),
  ),
  referenceRule('queue-routing-exists', 'Queue', 'queueRoutingConfig', 'QueueRoutingConfig', (root) => [root]),
  referenceRule('permission-set-classes-exist', 'PermissionSet', 'apexClass', 'ApexClass', (root) =>
    children(root, 'classAccesses'),
  ),
  {
    name: 'origin-is-https',
    type: 'CorsWhitelistOrigin',
    source: SOURCES.cors,
    certainty: 'confirmed',
    textKnown: false,
    check({ root }) {
      const at = child(root, 'urlPattern');
      if (!at || isOrigin(at.text.trim())) return [];
      return [{ text: `Invalid origin URL pattern: ${at.text.trim()}`, at }];
    },
  },
];

function referenceRule(
  name: string,
  type: string,
  field: string,
  target: string,
  holders: (root: XmlElement) => readonly XmlElement[],
): Rule {
  return {
    name,
    type,
    source: `Metadata API guide, ${type}`,
    certainty: 'inferred',
    textKnown: type === 'PermissionSet',
    check: ({ root }, view) => holders(root).flatMap((holder) => unresolvedReferences(holder, field, target, view)),
  };
}

function unresolvedReferences(holder: XmlElement, field: string, target: string, view: OrgView): Violation[] {
  const at = child(holder, field);
  const name = childText(holder, field);
  return at && name && !view.has(target, name) ? [unresolvedReference(field, target, name, at)] : [];
}

// Metadata API guide: HTTPS and a domain name with an optional port, and a wildcard only before the second-level domain. Orgs
// also return a wildcard without a dot and HTTP with an IP address. localhost can use HTTP.
function isOrigin(pattern: string): boolean {
  const domain = '(\\*\\.?)?[a-z0-9-]+(\\.[a-z0-9-]+)+';
  return new RegExp(`^(https://${domain}|https?://(localhost|\\d+(\\.\\d+){3}))(:\\d+)?$`, 'i').test(pattern);
}
