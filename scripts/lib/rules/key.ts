import { childrenOf, npmRun, type Component } from '../model';
import { JWK_PROBLEMS, readKeyComponent, type JwkProblem } from '../jwk';
import { locationAt } from './location';
import { violation, defineRules, warning, type Violation } from './rule';
import { META_KEY } from './sources';

/**
 * One rule for each problem of a key. `JWK_PROBLEMS` has their sources. A certificate that expires must not block the deploys of
 * everything else, so it's a warning here; a plan that uploads the key fails in its org (`expiring-key`).
 */
export const KEY_RULES = defineRules({
  'key-active-not-set': warning('A key declares isActive.', META_KEY),
  ...JWK_PROBLEMS,
  'jwk-x5c-expired': warning(JWK_PROBLEMS['jwk-x5c-expired'].summary, JWK_PROBLEMS['jwk-x5c-expired'].source),
  'jwk-x5c-expires-soon': warning(
    JWK_PROBLEMS['jwk-x5c-expires-soon'].summary,
    JWK_PROBLEMS['jwk-x5c-expires-soon'].source,
  ),
});

/** Checks one uploaded key. Its certificate is compared with `now`. */
export const checkKey = (key: Component, now: Date): readonly Violation[] => [
  ...checkActiveIsSet(key),
  ...readKeyComponent(key, now).problems.map((problem) => jwkViolation(key, problem)),
];

const jwkViolation = (key: Component, { code, message, fix }: JwkProblem): Violation =>
  violation(
    KEY_RULES[code],
    locationAt(key, 'jsonWebKey'),
    message,
    (KEY_FIXES as KeyFixes)[code]?.(key.fullName) ?? fix,
  );

/** Only a key in source can be staged, so the new one is created first. */
const replaceFix = (): string =>
  `create a key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}) and rotate to it: ${npmRun('keys', 'rotate', 'stage', 'KEYSET', '--new-key', 'NAME')}`;

/** How to replace a certificate that expires: with one of the same key pair, or together with the key. */
export const renewFix = (key: string): string =>
  `Issue a new certificate for the same key pair, and import it: ${npmRun('keys', 'import', key, '--from', 'FILE')}. Or ${replaceFix()}`;

/** A certificate of another key pair can't be imported with the name of this key. */
const ownCertificateFix = (key: string): string =>
  `If this key pair signs your tokens, issue a certificate for it that is not one of an authority, and import it: ${npmRun('keys', 'import', key, '--from', 'FILE')}. If another one does, import its certificate with another name (${npmRun('keys', 'import', 'NAME', '--from', 'FILE')}) and list that key instead of ${key}.`;

/** Salesforce never accepts such a key, so no org has it: it is replaced in source, without a rotation. */
const exchangeFix = (key: string): string =>
  `Create another key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}), list it in the keyset instead of ${key}, delete the file of ${key}, and sign tokens with the new private key.`;

/** An import writes n, e, and x5c of the certificate in the form that Salesforce needs, and keeps the name and the kid. */
const importFix = (key: string): string =>
  `Import the certificate of this key pair, which can be self-signed: ${npmRun('keys', 'import', key, '--from', 'FILE')}`;

type KeyFixes = Partial<Record<JwkProblem['code'], (key: string) => string>>;

/** The fixes that name the key in source. */
const KEY_FIXES = {
  'jwk-not-rsa': exchangeFix,
  'jwk-too-short': exchangeFix,
  'jwk-x5c-missing': importFix,
  'jwk-x5c-encoding': importFix,
  'jwk-x5c-other-key': (key) =>
    `${importFix(key)}. If the certificate is the right one and n and e are not, import it with another name (${npmRun('keys', 'import', 'NAME', '--from', 'FILE')}), list that key in the keyset instead of ${key}, and delete the file of ${key}.`,
  'jwk-x5c-not-yet-valid': (key) =>
    `Wait until then, or import a certificate of the same key pair that is valid now: ${npmRun('keys', 'import', key, '--from', 'FILE')}`,
  'jwk-x5c-expired': renewFix,
  'jwk-x5c-expires-soon': renewFix,
  'jwk-x5c-ca': ownCertificateFix,
} satisfies KeyFixes;

/** The fix of a problem whose fix names the key in source. */
export const keyFix = (code: keyof typeof KEY_FIXES, key: string): string => KEY_FIXES[code](key);

function checkActiveIsSet(key: Component): readonly Violation[] {
  if (childrenOf(key.root, 'isActive').length > 0) return [];
  const message =
    'isActive is not declared. The default is false, so a deploy makes the key inactive and its tokens are rejected.';
  return [
    violation(KEY_RULES['key-active-not-set'], locationAt(key, 'isActive'), message, 'Set isActive to true or false.'),
  ];
}
