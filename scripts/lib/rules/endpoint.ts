import { textAt, type Component } from '../model';
import { isPrivateHost, isSalesforceHost } from './host';
import { locationAt, textOf } from './location';
import { error, violation, defineRules, warning, type Violation as location, type Rule } from './rule';
import { HELP_SETUP, META_KEYSET, PROJECT_SAFETY, RESERVED_ADDRESSES, URL_STANDARD } from './sources';

export const ENDPOINT_RULES = defineRules({
  'endpoint-not-url': error('An endpoint is a URL.', URL_STANDARD),
  'endpoint-not-https': error('An endpoint is read over https.', META_KEYSET),
  'endpoint-credentials': error('An endpoint needs no user name and password.', `${PROJECT_SAFETY}; ${URL_STANDARD}`),
  'endpoint-private': error('An endpoint is at a public address.', RESERVED_ADDRESSES),
  'endpoint-salesforce': error('An endpoint is hosted outside of Salesforce.', HELP_SETUP),
  'endpoint-fragment': warning('An endpoint has no fragment.', URL_STANDARD),
});

interface EndpointCheck {
  readonly rule: Rule;
  readonly isViolated: (url: URL) => boolean;
  readonly message: string;
  readonly fix: string;
}

/** Messages do not repeat the address: it may hold a password. */
const ENDPOINT_CHECKS: readonly EndpointCheck[] = [
  {
    rule: ENDPOINT_RULES['endpoint-not-https'],
    isViolated: (url) => url.protocol !== 'https:',
    message: 'The endpoint is not https: whoever is on the way could put keys of their own there.',
    fix: 'Serve the JWKS over https.',
  },
  {
    rule: ENDPOINT_RULES['endpoint-credentials'],
    isViolated: (url) => url.username !== '' || url.password !== '',
    message: 'The endpoint has a user name or a password in it; the keys are public and Salesforce logs in nowhere.',
    fix: 'Serve the JWKS to everyone, take the credentials out of the address, and change them.',
  },
  {
    rule: ENDPOINT_RULES['endpoint-private'],
    isViolated: (url) => url.host !== '' && isPrivateHost(url.hostname),
    message: 'The endpoint is on a loopback, private or reserved address, which Salesforce cannot reach.',
    fix: 'Serve the JWKS from a public host.',
  },
  {
    rule: ENDPOINT_RULES['endpoint-salesforce'],
    isViolated: (url) => isSalesforceHost(url.hostname),
    message: 'The endpoint is on a Salesforce host; Help says that it must be hosted outside of Salesforce.',
    fix: 'Serve the JWKS from your identity provider, or upload the keys (type JWKS).',
  },
  {
    rule: ENDPOINT_RULES['endpoint-fragment'],
    isViolated: (url) => url.hash !== '',
    message: 'The endpoint has a fragment ("#..."), which is never sent to a server.',
    fix: 'Remove everything from the # on.',
  },
];

/** Judges the address that a keyset fetches its keys from, as a browser reads it: 0x7f000001 is 127.0.0.1. */
export function checkEndpoint(keyset: Component): readonly location[] {
  const place = locationAt(keyset, 'jwksEndPoint');
  const text = textOf(place);
  if (text === undefined) return [];
  const url = URL.parse(text);
  if (!url)
    return [
      violation(
        ENDPOINT_RULES['endpoint-not-url'],
        place,
        'The endpoint is not a URL.',
        'Write it as https://host/path.',
      ),
    ];
  return ENDPOINT_CHECKS.filter(({ isViolated }) => isViolated(url)).map(({ rule, message, fix }) =>
    violation(rule, place, message, fix),
  );
}

/** The endpoint of a keyset in the one spelling of the URL standard; undefined where there is none. */
export const normalizedEndpoint = (keyset: Component): string | undefined =>
  URL.parse(textAt(keyset.root, 'jwksEndPoint') ?? '')?.href;
