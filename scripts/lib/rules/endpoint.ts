import { isLoopback, textAt, type Component, type OrgConfig } from '../model';
import { isPrivateHost, isSalesforceHost } from './host';
import { locationAt, textOf } from './location';
import { error, violation, defineRules, warning, type Violation, type Rule } from './rule';
import { isPlaceholderUrl } from './placeholder';
import { HELP_SETUP, META_KEYSET, OPENID_DISCOVERY, PROJECT_SAFETY, RESERVED_ADDRESSES, URL_STANDARD } from './sources';

export const ENDPOINT_RULES = defineRules({
  'endpoint-not-url': error('A JWKS endpoint is a URL.', URL_STANDARD),
  'endpoint-not-clean': error('A JWKS endpoint is written as a complete URL.', URL_STANDARD),
  'endpoint-discovery': error('A JWKS endpoint is a JWKS document.', `${META_KEYSET}; ${OPENID_DISCOVERY}`),
  'endpoint-not-https': error('A JWKS endpoint uses HTTPS.', META_KEYSET),
  'endpoint-credentials': error('A JWKS endpoint has no user name or password.', `${PROJECT_SAFETY}; ${URL_STANDARD}`),
  'endpoint-private': error('A JWKS endpoint has a public address.', RESERVED_ADDRESSES),
  'endpoint-salesforce': error('A JWKS endpoint is hosted outside Salesforce.', HELP_SETUP),
  'endpoint-fragment': warning('A JWKS endpoint has no fragment.', URL_STANDARD),
});

interface EndpointCheck {
  readonly rule: Rule;
  readonly isViolated: (url: URL) => boolean;
  readonly message: string;
  readonly fix: string;
}

/** OpenID Connect Discovery 1.0, section 4, and RFC 8414, section 3. */
const DISCOVERY_PATH = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(?:\/|$)/;

/** `https://<My Domain>/id/keys`: the keys with which an org signs ID tokens. */
const isKeysOfMyDomain = (url: URL): boolean =>
  /\.my\.salesforce\.(?:com|mil)\.?$/.test(url.hostname) && /^\/id\/keys\/?$/.test(url.pathname);

/** Characters that a URL can't contain, although URL parsers remove or replace them. Other clients read another address. */
const UNCLEAN = /[\s\\{}"<>^`|\p{Cc}]/u;

/** Messages don't repeat the URL, because it can contain a password. */
const ENDPOINT_CHECKS: readonly EndpointCheck[] = [
  {
    rule: ENDPOINT_RULES['endpoint-not-https'],
    isViolated: (url) => url.protocol !== 'https:',
    message: "The JWKS endpoint doesn't use HTTPS. Anyone on the network path can replace its keys.",
    fix: 'Serve the JWKS document over HTTPS and set its https URL.',
  },
  {
    rule: ENDPOINT_RULES['endpoint-credentials'],
    isViolated: (url) => url.username !== '' || url.password !== '',
    message:
      "The JWKS endpoint contains a user name or a password. The keys are public, and Salesforce doesn't log in.",
    fix: 'Serve the JWKS document without a login, remove the credentials from the URL, and change them.',
  },
  {
    rule: ENDPOINT_RULES['endpoint-private'],
    isViolated: (url) => url.host !== '' && isPrivateHost(url.hostname),
    message: "The JWKS endpoint has a loopback, private, or reserved address. Salesforce can't reach it.",
    fix: 'Serve the JWKS document from a public host.',
  },
  {
    rule: ENDPOINT_RULES['endpoint-discovery'],
    isViolated: (url) => DISCOVERY_PATH.test(url.pathname),
    message:
      'The JWKS endpoint is the URL of a discovery document, which names the JWKS document and contains no keys.',
    fix: 'Open the URL, and set jwksEndPoint to the value of "jwks_uri" in the document.',
  },
  {
    // Salesforce's own guide to set up an org as the identity provider names this URL, although Help excludes Salesforce hosts.
    rule: { ...ENDPOINT_RULES['endpoint-salesforce'], severity: 'warning' },
    isViolated: isKeysOfMyDomain,
    message:
      "The JWKS endpoint is the key URL of a Salesforce org. Salesforce's setup guide for an org as the identity provider uses it, and Help requires a host outside Salesforce.",
    fix: 'Test it with a token in a sandbox before you rely on it, or upload the keys (type JWKS).',
  },
  {
    rule: ENDPOINT_RULES['endpoint-salesforce'],
    isViolated: (url) => isSalesforceHost(url.hostname) && !isKeysOfMyDomain(url),
    message: 'The JWKS endpoint is on a Salesforce host. Salesforce requires a host outside Salesforce.',
    fix: 'Serve the JWKS document from your identity provider, or upload the keys (type JWKS).',
  },
  {
    rule: ENDPOINT_RULES['endpoint-fragment'],
    isViolated: (url) => url.hash !== '',
    message: 'The JWKS endpoint has a fragment ("#..."), which is never sent to a server.',
    fix: 'Remove the "#" and everything after it.',
  },
];

/** Checks the JWKS endpoint of a keyset, parsed as a browser parses it: 0x7f000001 is 127.0.0.1. */
export function checkEndpoint(keyset: Component): readonly Violation[] {
  const location = locationAt(keyset, 'jwksEndPoint');
  const text = textOf(location);
  if (text === undefined || isPlaceholderUrl(text)) return [];
  const url = URL.parse(text);
  const problem = url && uncleanReason(location.element?.text ?? '', url);
  if (problem) return [violation(ENDPOINT_RULES['endpoint-not-clean'], location, problem, CLEAN_FIX)];
  if (!url)
    return [
      violation(
        ENDPOINT_RULES['endpoint-not-url'],
        location,
        'The JWKS endpoint is not a URL.',
        'Set jwksEndPoint to a URL such as https://host/path.',
      ),
    ];
  return ENDPOINT_CHECKS.filter(({ isViolated }) => isViolated(url)).map(({ rule, message, fix }) =>
    violation(rule, location, message, fix),
  );
}

const CLEAN_FIX = 'Set jwksEndPoint to the exact URL, such as https://host/path, on one line.';

/** Why a text that a parser accepts isn't a URL as clients send it; undefined if it is one. */
function uncleanReason(text: string, { protocol, port }: URL): string | undefined {
  if (UNCLEAN.test(text))
    return 'The JWKS endpoint contains whitespace, a backslash, or another character that a URL must encode.';
  if (protocol === 'https:' && !/^https:\/\/[^/]/i.test(text))
    return 'The JWKS endpoint lacks the "//" before the host, or has an extra "/".';
  return port === '0' ? 'The JWKS endpoint has port 0, which no server can use.' : undefined;
}

/** Whether an org file is the one of a local org: its SCRT2 URL is on this machine. */
export const isLocalOrg = ({ scrt2URL }: Pick<OrgConfig, 'scrt2URL'>): boolean => isOnThisMachine(scrt2URL ?? '');

/** Whether a text is a URL on this machine, as `--allow-loopback` allows it. */
export function isOnThisMachine(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && isLoopback(url);
}

/** Whether a rule is one that an endpoint on this machine breaks. */
export const isPublicEndpointRule = (rule: string): boolean =>
  ['endpoint-not-https', 'endpoint-private'].includes(rule);

/** Whether a finding doesn't apply in an org, because a local org reads endpoints on its machine. */
export const isLocalEndpoint = (org: OrgConfig, { rule, location }: Violation): boolean =>
  isPublicEndpointRule(rule.id) && isLocalOrg(org) && isOnThisMachine(textOf(location) ?? '');

/** The JWKS endpoint of a keyset in the normal form of the URL standard; undefined where it isn't a URL. */
export const normalizedEndpoint = (keyset: Component): string | undefined =>
  URL.parse(textAt(keyset.root, 'jwksEndPoint') ?? '')?.href;
