import { isEndpointKeyset, KEYS_ELEMENT, textAt, type Component } from '../model';
import { childLocations, locationAt, locationOf, textOf } from './location';
import { error, violation, defineRules, type Violation, type Rule } from './rule';
import { HELP_SETUP, META_KEYSET, SKILL_TEAMS } from './sources';

export const KEYSET_RULES = defineRules({
  'keyset-endpoint-unused': error(
    'A keyset of uploaded keys (JWKS) has no endpoint.',
    `${META_KEYSET}; ${SKILL_TEAMS}`,
  ),
  'keyset-without-endpoint': error('A keyset with an endpoint (JWKS_URL) states it.', META_KEYSET),
  'keyset-keys-unused': error('A keyset with an endpoint (JWKS_URL) lists no uploaded keys.', META_KEYSET),
  'keyset-without-keys': error('A keyset of uploaded keys (JWKS) lists at least one.', META_KEYSET),
  'issuer-missing': error('A keyset states the issuer of its tokens.', HELP_SETUP),
  'issuer-whitespace': error('An issuer has no blanks before or after it.', META_KEYSET),
});

/** The rules of one keyset by itself (Metadata API guide, PublicKeyCertificateSet). */
export function checkKeyset(keyset: Component): readonly Violation[] {
  const isUploaded = textAt(keyset.root, 'type') === 'JWKS';
  const typeViolations = isUploaded
    ? checkUploadedKeys(keyset)
    : isEndpointKeyset(keyset)
      ? checkFetchedKeys(keyset)
      : [];
  return [...typeViolations, ...checkIssuer(keyset)];
}

/** Salesforce answers "You can't configure JWKS_URL when the key type selected is JWKS_KEY." to an endpoint here. */
const checkUploadedKeys = (keyset: Component): readonly Violation[] => [
  ...violationIf(keyset, 'jwksEndPoint', hasEndpoint(keyset), KEYSET_RULES['keyset-endpoint-unused'], {
    message: 'The keyset is of type JWKS, uploaded keys, and also states an endpoint; Salesforce refuses that.',
    fix: 'Remove jwksEndPoint, or make the type JWKS_URL and remove the keys.',
  }),
  ...violationIf(keyset, KEYS_ELEMENT, !hasKeys(keyset), KEYSET_RULES['keyset-without-keys'], {
    message: 'The keyset lists no key: every token would be refused.',
    fix: `Add ${KEYS_ELEMENT} with the name of a PublicKeyCertificate.`,
  }),
];

const checkFetchedKeys = (keyset: Component): readonly Violation[] => [
  ...violationIf(keyset, 'jwksEndPoint', !hasEndpoint(keyset), KEYSET_RULES['keyset-without-endpoint'], {
    message: 'The keyset is of type JWKS_URL but states no endpoint to fetch keys from.',
    fix: 'State jwksEndPoint, the https address of the JWKS.',
  }),
  ...violationIf(keyset, KEYS_ELEMENT, hasKeys(keyset), KEYSET_RULES['keyset-keys-unused'], {
    message: 'The keyset fetches its keys from an endpoint and also lists uploaded ones, which are not used.',
    fix: `Remove ${KEYS_ELEMENT}, or make the type JWKS and remove the endpoint.`,
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

/** The issuer is compared byte for byte with `iss` of each token, so its text counts as it stands. */
function checkIssuer(keyset: Component): readonly Violation[] {
  const location = locationAt(keyset, 'jwtIssuer');
  const text = location.element?.text ?? '';
  return [
    ...violationIf(keyset, 'jwtIssuer', textOf(location) === undefined, KEYSET_RULES['issuer-missing'], {
      message: 'The keyset states no issuer, so that no token can match it.',
      fix: 'State jwtIssuer exactly as your tokens say in "iss".',
    }),
    ...violationIf(keyset, 'jwtIssuer', text.trim() !== '' && text !== text.trim(), KEYSET_RULES['issuer-whitespace'], {
      message:
        'The issuer has blanks or line breaks before or after it; it has to equal "iss" of the tokens byte for byte.',
      fix: 'Write jwtIssuer on one line, without blanks around it.',
    }),
  ];
}
