import { child, children, childText, type XmlElement } from '../metadata/xml';
import type { Assumptions } from '../assumptions';
import { parseJsonWebKey } from './json-web-key';
import type { OrgView, RuleSubject, Violation } from './rule';

/** A rejection that no source states, in an org that is set to it. Its message was written for this project. */
export interface AssumedRule {
  readonly type: string;
  check(subject: RuleSubject, view: OrgView): readonly Violation[];
}

/** Rejects a component if an assumption has a value and the component has something. */
const rejecting = <Name extends keyof Assumptions>(
  type: string,
  name: Name,
  value: Assumptions[Name],
  has: (root: XmlElement) => boolean,
  text: string,
): AssumedRule => ({
  type,
  check: ({ root }, { assumptions }) => (assumptions[name] === value && has(root) ? [{ text, at: root }] : []),
});

const PRIVATE_MEMBERS = ['p', 'q', 'dp', 'dq', 'qi'];

function hasPrivateMembers(root: XmlElement): boolean {
  const json = parseJsonWebKey(childText(root, 'jsonWebKey') ?? '');
  return 'members' in json && PRIVATE_MEMBERS.some((name) => name in json.members);
}

const keysOf = (root: XmlElement): readonly XmlElement[] => children(root, 'publicKeyCertificateSetKeys');

function hasDuplicateIdentifier(root: XmlElement): boolean {
  const items = children(child(root, 'embeddedConfig'), 'messagingAuthorizations');
  const identifiers = items.map((item) => childText(item, 'authIdentifier'));
  return new Set(identifiers).size < identifiers.length;
}

const [KEY, KEYSET, CHANNEL] = ['PublicKeyCertificate', 'PublicKeyCertificateSet', 'MessagingChannel'];

const LIFETIME_LIMITS = { '4320': 4320, '360': 360, '240': 240 } as const;

/** The limit of the lifetime of access tokens of verified users in minutes, where sources contradict each other. */
const lifetimeRule: AssumedRule = {
  type: CHANNEL,
  check({ root }, { assumptions }) {
    const at = child(child(root, 'embeddedConfig'), 'verifiedUserJwtExpirationTime');
    const limit = LIFETIME_LIMITS[assumptions.verifiedLifetime.replace('-minutes', '') as keyof typeof LIFETIME_LIMITS];
    const isTooLong = limit < LIFETIME_LIMITS['4320'] && Number(at?.text) > limit;
    return at && isTooLong ? [{ text: `${at.name} must be between 60 and ${limit}`, at }] : [];
  },
};

/** The rejections of an org that is set to answers that `calibrate` found. By default, nothing is rejected. */
export const ASSUMED_RULES: readonly AssumedRule[] = [
  rejecting(KEY, 'privateMembers', 'rejected', hasPrivateMembers, 'Invalid JSON Web Key: it has private members'),
  rejecting(
    KEY,
    'keyWithoutJwk',
    'rejected',
    (root) => !childText(root, 'jsonWebKey'),
    'Required field is missing: jsonWebKey',
  ),
  rejecting(
    KEYSET,
    'emptyKeyset',
    'rejected',
    (root) => childText(root, 'type') === 'JWKS' && keysOf(root).length === 0,
    'A keyset of type JWKS needs a key',
  ),
  rejecting(
    KEYSET,
    'keysetWithBoth',
    'rejected',
    (root) => childText(root, 'type') === 'JWKS_URL' && keysOf(root).length > 0,
    "A keyset of type JWKS_URL can't have keys",
  ),
  rejecting(
    KEYSET,
    'keysetWithoutIssuer',
    'rejected',
    (root) => !childText(root, 'jwtIssuer'),
    'Required field is missing: jwtIssuer',
  ),
  rejecting(
    CHANNEL,
    'duplicateIdentifier',
    'rejected',
    hasDuplicateIdentifier,
    'duplicate value found: authIdentifier duplicates value on record',
  ),
  rejecting(
    'Queue',
    'queueBosses',
    'required',
    (root) => !childText(root, 'doesIncludeBosses'),
    'Required field is missing: doesIncludeBosses',
  ),
  lifetimeRule,
];
