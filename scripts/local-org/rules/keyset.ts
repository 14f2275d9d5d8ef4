import { isEndpointUrl } from '../endpoint-url';
import { child, children, childText } from '../metadata/xml';
import { unresolvedReference, type Rule } from './rule';
import { SOURCES } from './sources';

const type = 'PublicKeyCertificateSet';

export const KEYSET_RULES: readonly Rule[] = [
  {
    name: 'keyset-of-keys-has-no-endpoint',
    type,
    source: SOURCES.teamsPlaybook,
    certainty: 'single source',
    textKnown: true,
    check({ root }) {
      const endpoint = child(root, 'jwksEndPoint');
      if (childText(root, 'type') !== 'JWKS' || !endpoint?.text.trim()) return [];
      return [{ text: "You can't configure JWKS_URL when the key type selected is JWKS_KEY.", at: endpoint }];
    },
  },
  {
    name: 'keyset-of-endpoint-has-one',
    type,
    source: SOURCES.keyset,
    certainty: 'confirmed',
    textKnown: false,
    check({ root }) {
      if (childText(root, 'type') !== 'JWKS_URL' || childText(root, 'jwksEndPoint')) return [];
      return [{ text: 'Required field is missing: jwksEndPoint', at: root }];
    },
  },
  {
    name: 'keyset-endpoint-is-https',
    type,
    source: SOURCES.keyset,
    certainty: 'confirmed',
    textKnown: false,
    check({ root }) {
      const endpoint = child(root, 'jwksEndPoint');
      if (!endpoint?.text.trim() || isEndpointUrl(endpoint.text.trim())) return [];
      return [{ text: 'The JWKS endpoint must be the URL of an HTTPS server', at: endpoint }];
    },
  },
  {
    name: 'keyset-keys-exist',
    type,
    source: SOURCES.keyset,
    certainty: 'inferred',
    textKnown: false,
    check({ root }, view) {
      return children(root, 'publicKeyCertificateSetKeys').flatMap((entry) => {
        const key = childText(entry, 'publicKeyCertificate');
        if (!key || view.has('PublicKeyCertificate', key)) return [];
        return [unresolvedReference('publicKeyCertificate', 'PublicKeyCertificate', key, entry)];
      });
    },
  },
];
