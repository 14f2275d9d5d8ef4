import { textAt, type Component } from '../model';
import { itemsBelow, placeAt, placeOf, textOf } from './place';
import { error, flaw, rules, type Flaw, type Rule } from './rule';
import { HELP_SETUP, META_KEYSET, SKILL_TEAMS } from './sources';

export const KEYSET_RULES = rules({
  'keyset-endpoint-unused': error(
    'A keyset of uploaded keys (JWKS) has no endpoint.',
    `${META_KEYSET}; ${SKILL_TEAMS}`,
  ),
  'keyset-without-endpoint': error('A keyset with an endpoint (JWKS_URL) states it.', META_KEYSET),
  'keyset-keys-unused': error('A keyset with an endpoint (JWKS_URL) lists no uploaded keys.', META_KEYSET),
  'keyset-without-keys': error('A keyset of uploaded keys (JWKS) lists at least one.', META_KEYSET),
  'issuer-missing': error('A keyset states the issuer of its tokens.', HELP_SETUP),
  'issuer-blanks': error('An issuer has no blanks before or after it.', META_KEYSET),
});

const KEYS = 'publicKeyCertificateSetKeys';

/** The rules of one keyset by itself (Metadata API guide, PublicKeyCertificateSet). */
export function checkKeyset(keyset: Component): readonly Flaw[] {
  const type = textAt(keyset.root, 'type');
  const own = type === 'JWKS' ? uploaded(keyset) : type === 'JWKS_URL' ? fetched(keyset) : [];
  return [...own, ...issuer(keyset)];
}

/** Salesforce answers "You can't configure JWKS_URL when the key type selected is JWKS_KEY." to an endpoint here. */
const uploaded = (keyset: Component): readonly Flaw[] => [
  ...when(keyset, 'jwksEndPoint', statesEndpoint(keyset), KEYSET_RULES['keyset-endpoint-unused'], {
    message: 'The keyset is of type JWKS, uploaded keys, and also states an endpoint; Salesforce refuses that.',
    fix: 'Remove jwksEndPoint, or make the type JWKS_URL and remove the keys.',
  }),
  ...when(keyset, KEYS, !listsKeys(keyset), KEYSET_RULES['keyset-without-keys'], {
    message: 'The keyset lists no key: every token would be refused.',
    fix: `Add ${KEYS} with the name of a PublicKeyCertificate.`,
  }),
];

const fetched = (keyset: Component): readonly Flaw[] => [
  ...when(keyset, 'jwksEndPoint', !statesEndpoint(keyset), KEYSET_RULES['keyset-without-endpoint'], {
    message: 'The keyset is of type JWKS_URL but states no endpoint to fetch keys from.',
    fix: 'State jwksEndPoint, the https address of the JWKS.',
  }),
  ...when(keyset, KEYS, listsKeys(keyset), KEYSET_RULES['keyset-keys-unused'], {
    message: 'The keyset fetches its keys from an endpoint and also lists uploaded ones, which are not used.',
    fix: `Remove ${KEYS}, or make the type JWKS and remove the endpoint.`,
  }),
];

const statesEndpoint = (keyset: Component): boolean => textAt(keyset.root, 'jwksEndPoint') !== undefined;
const listsKeys = (keyset: Component): boolean => itemsBelow(placeOf(keyset), KEYS).length > 0;

const when = (
  keyset: Component,
  path: string,
  broken: boolean,
  rule: Rule,
  { message, fix }: { message: string; fix: string },
): readonly Flaw[] => (broken ? [flaw(rule, placeAt(keyset, path), message, fix)] : []);

/** The issuer is compared byte for byte with `iss` of each token, so its text counts as it stands. */
function issuer(keyset: Component): readonly Flaw[] {
  const place = placeAt(keyset, 'jwtIssuer');
  const raw = place.element?.text ?? '';
  return [
    ...when(keyset, 'jwtIssuer', textOf(place) === undefined, KEYSET_RULES['issuer-missing'], {
      message: 'The keyset states no issuer, so that no token can match it.',
      fix: 'State jwtIssuer exactly as your tokens say in "iss".',
    }),
    ...when(keyset, 'jwtIssuer', raw.trim() !== '' && raw !== raw.trim(), KEYSET_RULES['issuer-blanks'], {
      message:
        'The issuer has blanks or line breaks before or after it; it has to equal "iss" of the tokens byte for byte.',
      fix: 'Write jwtIssuer on one line, without blanks around it.',
    }),
  ];
}
