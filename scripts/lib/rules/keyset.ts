import { isEndpointKeyset, KEYS_ELEMENT, textAt, type Component } from '../model';
import { childLocations, locationAt, locationOf, textOf } from './location';
import { error, violation, defineRules, type Violation, type Rule } from './rule';
import { HELP_SETUP, META_KEYSET, SKILL_TEAMS } from './sources';

export const KEYSET_RULES = defineRules({
  'keyset-endpoint-unused': error(
    'A keyset of uploaded keys (JWKS) has no JWKS endpoint.',
    `${META_KEYSET}; ${SKILL_TEAMS}`,
  ),
  'keyset-without-endpoint': error('A keyset of type JWKS_URL has a JWKS endpoint.', META_KEYSET),
  'keyset-keys-unused': error('A keyset of type JWKS_URL lists no uploaded keys.', META_KEYSET),
  'keyset-without-keys': error('A keyset of uploaded keys (JWKS) lists at least one key.', META_KEYSET),
  'issuer-missing': error('A keyset has an issuer.', HELP_SETUP),
  'issuer-whitespace': error('An issuer has no whitespace around it.', META_KEYSET),
});

/** Checks one keyset (Metadata API guide, PublicKeyCertificateSet). */
export function checkKeyset(keyset: Component): readonly Violation[] {
  const isUploaded = textAt(keyset.root, 'type') === 'JWKS';
  const typeViolations = isUploaded
    ? checkUploadedKeys(keyset)
    : isEndpointKeyset(keyset)
      ? checkFetchedKeys(keyset)
      : [];
  return [...typeViolations, ...checkIssuer(keyset)];
}

/** Salesforce rejects an endpoint here: "You can't configure JWKS_URL when the key type selected is JWKS_KEY." */
const checkUploadedKeys = (keyset: Component): readonly Violation[] => [
  ...violationIf(keyset, 'jwksEndPoint', hasEndpoint(keyset), KEYSET_RULES['keyset-endpoint-unused'], {
    message: 'The keyset has type JWKS (uploaded keys) and a JWKS endpoint. Salesforce rejects the combination.',
    fix: 'Remove jwksEndPoint, or set type to JWKS_URL and remove the keys.',
  }),
  ...violationIf(keyset, KEYS_ELEMENT, !hasKeys(keyset), KEYSET_RULES['keyset-without-keys'], {
    message: 'The keyset lists no key, so every token is rejected.',
    fix: `Add ${KEYS_ELEMENT} with the name of a key (PublicKeyCertificate).`,
  }),
];

const checkFetchedKeys = (keyset: Component): readonly Violation[] => [
  ...violationIf(keyset, 'jwksEndPoint', !hasEndpoint(keyset), KEYSET_RULES['keyset-without-endpoint'], {
    message: 'The keyset has type JWKS_URL but no JWKS endpoint.',
    fix: 'Set jwksEndPoint to the https URL of the JWKS document.',
  }),
  ...violationIf(keyset, KEYS_ELEMENT, hasKeys(keyset), KEYSET_RULES['keyset-keys-unused'], {
    message: "The keyset has type JWKS_URL and lists uploaded keys. Salesforce doesn't use them.",
    fix: `Remove ${KEYS_ELEMENT}, or set type to JWKS and remove jwksEndPoint.`,
  }),
];

const hasEndpoint = (keyset: Component): boolean => textAt(keyset.root, 'jwksEndPoint') !== undefined;
const hasKeys = (keyset: Component): boolean => childLocations(locationOf(keyset), KEYS_ELEMENT).length > 0;

const violationIf = (
  keyset: Component,
  path: string,
  violated: boolean,
  rule: Rule,
  { message, fix }: { message: string; fix: string },
): readonly Violation[] => (violated ? [violation(rule, locationAt(keyset, path), message, fix)] : []);

/** Salesforce compares the issuer byte for byte with `iss` of each token, so its text isn't trimmed. */
function checkIssuer(keyset: Component): readonly Violation[] {
  const location = locationAt(keyset, 'jwtIssuer');
  const text = location.element?.text ?? '';
  return [
    ...violationIf(keyset, 'jwtIssuer', textOf(location) === undefined, KEYSET_RULES['issuer-missing'], {
      message: 'The keyset has no issuer, so no token matches it.',
      fix: 'Set jwtIssuer to the exact value of "iss" in your tokens.',
    }),
    ...violationIf(keyset, 'jwtIssuer', text.trim() !== '' && text !== text.trim(), KEYSET_RULES['issuer-whitespace'], {
      message: 'The issuer has whitespace before or after it. It must equal "iss" in the tokens byte for byte.',
      fix: 'Write jwtIssuer on one line, without whitespace around it.',
    }),
  ];
}
