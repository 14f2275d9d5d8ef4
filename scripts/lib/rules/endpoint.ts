import { textAt, type Component } from '../model';
import { isPrivateHost, isSalesforceHost } from './host';
import { placeAt, textOf } from './place';
import { error, flaw, rules, warning, type Flaw, type Rule } from './rule';
import { HELP_SETUP, META_KEYSET, OWN, SPECIAL_ADDRESSES, URL_STANDARD } from './sources';

export const ENDPOINT_RULES = rules({
  'endpoint-not-url': error('An endpoint is a URL.', URL_STANDARD),
  'endpoint-not-https': error('An endpoint is read over https.', META_KEYSET),
  'endpoint-credentials': error('An endpoint needs no user name and password.', `${OWN}; ${URL_STANDARD}`),
  'endpoint-private': error('An endpoint is at a public address.', SPECIAL_ADDRESSES),
  'endpoint-salesforce': error('An endpoint is hosted outside of Salesforce.', HELP_SETUP),
  'endpoint-fragment': warning('An endpoint has no fragment.', URL_STANDARD),
});

interface Demand {
  readonly rule: Rule;
  readonly isBroken: (url: URL) => boolean;
  readonly message: string;
  readonly fix: string;
}

/** Messages do not repeat the address: it may hold a password. */
const DEMANDS: readonly Demand[] = [
  {
    rule: ENDPOINT_RULES['endpoint-not-https'],
    isBroken: (url) => url.protocol !== 'https:',
    message: 'The endpoint is not https: whoever is on the way could put keys of their own there.',
    fix: 'Serve the JWKS over https.',
  },
  {
    rule: ENDPOINT_RULES['endpoint-credentials'],
    isBroken: (url) => url.username !== '' || url.password !== '',
    message: 'The endpoint has a user name or a password in it; the keys are public and Salesforce logs in nowhere.',
    fix: 'Serve the JWKS to everyone, take the credentials out of the address, and change them.',
  },
  {
    rule: ENDPOINT_RULES['endpoint-private'],
    isBroken: (url) => url.host !== '' && isPrivateHost(url.hostname),
    message: 'The endpoint is on a loopback, private or reserved address, which Salesforce cannot reach.',
    fix: 'Serve the JWKS from a public host.',
  },
  {
    rule: ENDPOINT_RULES['endpoint-salesforce'],
    isBroken: (url) => isSalesforceHost(url.hostname),
    message: 'The endpoint is on a Salesforce host; Help says that it must be hosted outside of Salesforce.',
    fix: 'Serve the JWKS from your identity provider, or upload the keys (type JWKS).',
  },
  {
    rule: ENDPOINT_RULES['endpoint-fragment'],
    isBroken: (url) => url.hash !== '',
    message: 'The endpoint has a fragment ("#..."), which is never sent to a server.',
    fix: 'Remove everything from the # on.',
  },
];

/** Judges the address that a keyset fetches its keys from, as a browser reads it: 0x7f000001 is 127.0.0.1. */
export function checkEndpoint(keyset: Component): readonly Flaw[] {
  const place = placeAt(keyset, 'jwksEndPoint');
  const text = textOf(place);
  if (text === undefined) return [];
  const url = URL.parse(text);
  if (!url)
    return [
      flaw(ENDPOINT_RULES['endpoint-not-url'], place, 'The endpoint is not a URL.', 'Write it as https://host/path.'),
    ];
  return DEMANDS.filter(({ isBroken }) => isBroken(url)).map(({ rule, message, fix }) =>
    flaw(rule, place, message, fix),
  );
}

/** The endpoint of a keyset in the one spelling of the URL standard; undefined where there is none. */
export const endpointOf = (keyset: Component): string | undefined =>
  URL.parse(textAt(keyset.root, 'jwksEndPoint') ?? '')?.href;
