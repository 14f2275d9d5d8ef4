import { child } from '../metadata/xml';
import {
  algorithmProblem,
  hasOtherCertificate,
  missingMembers,
  modulusBits,
  parseJsonWebKey,
  x5cProblem,
  type JsonObject,
} from './json-web-key';
import type { Rule, RuleSubject, OrgView } from './rule';
import { SOURCES } from './sources';

const MIN_VALID_DAYS = { 'ten-days': 10, 'not-expired': 0, 'not-checked': undefined } as const;

// Salesforce's messages for an invalid key aren't known, so all of these were written for this project. Members of a private
// key (d, p, q) are accepted: the sample in the Metadata API guide has a "d", and no source says that Salesforce rejects it.
const keyRule = (
  name: string,
  source: string,
  certainty: Rule['certainty'],
  problem: (members: JsonObject, view: OrgView) => string | undefined,
): Rule => ({
  name,
  type: 'PublicKeyCertificate',
  source,
  certainty,
  textKnown: false,
  check(subject, view) {
    const key = readKey(subject);
    if (!key || 'problem' in key.json) return [];
    const text = problem(key.json.members, view);
    return text ? [{ text: `Invalid JSON Web Key: ${text}`, at: key.at }] : [];
  },
});

export const KEY_RULES: readonly Rule[] = [
  {
    name: 'key-is-one-json-object',
    type: 'PublicKeyCertificate',
    source: SOURCES.troubleshooting,
    certainty: 'confirmed',
    textKnown: false,
    check(subject) {
      const key = readKey(subject);
      return key && 'problem' in key.json ? [{ text: `Invalid JSON Web Key: ${key.json.problem}`, at: key.at }] : [];
    },
  },
  keyRule('key-has-required-members', SOURCES.troubleshooting, 'confirmed', (members, { assumptions }) => {
    const isOptional = (name: string) => name === 'x5c' && assumptions.keyWithoutX5c === 'accepted';
    const missing = missingMembers(members).filter((name) => !isOptional(name));
    return missing.length > 0 ? `missing ${missing.join(', ')}` : undefined;
  }),
  keyRule('key-is-rsa', SOURCES.setup, 'confirmed', algorithmProblem),
  keyRule('key-has-2048-bits', SOURCES.overview, 'single source', (members) => {
    const bits = modulusBits(members);
    return bits !== undefined && bits < 2048 ? `the RSA key has ${bits} bits, 2048 or more are required` : undefined;
  }),
  keyRule('key-certificate-is-valid', SOURCES.troubleshooting, 'confirmed', (members, { now, assumptions }) => {
    if (assumptions.otherCertificate === 'rejected' && hasOtherCertificate(members))
      return 'the certificate has another public key';
    return x5cProblem(members, now, MIN_VALID_DAYS[assumptions.certificateDays]);
  }),
];

// jsonWebKey isn't required in the WSDL, and no source says that a component without it is rejected.
function readKey({ root }: RuleSubject) {
  const at = child(root, 'jsonWebKey');
  return at && at.text.trim() ? { at, json: parseJsonWebKey(at.text) } : undefined;
}
