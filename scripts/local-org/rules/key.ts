import { child } from '../metadata/xml';
import {
  algorithmProblem,
  missingMembers,
  modulusBits,
  parseJsonWebKey,
  x5cProblem,
  type JsonObject,
} from './json-web-key';
import type { Rule, RuleSubject, OrgView } from './rule';
import { SOURCES } from './sources';

// What Setup says when it refuses a key is not known, so all these texts are ours. Members that belong to a private
// key (d, p, q ...) pass: the sample of the guide itself has a "d", and no source tells that Salesforce looks.
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
  keyRule('key-has-required-members', SOURCES.troubleshooting, 'confirmed', (members) => {
    const missing = missingMembers(members);
    return missing.length > 0 ? `missing ${missing.join(', ')}` : undefined;
  }),
  keyRule('key-is-rsa', SOURCES.setup, 'confirmed', algorithmProblem),
  keyRule('key-has-2048-bits', SOURCES.overview, 'single source', (members) => {
    const bits = modulusBits(members);
    return bits !== undefined && bits < 2048 ? `the RSA key has ${bits} bits, 2048 or more are required` : undefined;
  }),
  keyRule('key-certificate-is-valid', SOURCES.troubleshooting, 'confirmed', (members, view) =>
    x5cProblem(members, view.now),
  ),
];

// The type has no required key: a component without one deploys, as far as any source tells.
function readKey({ root }: RuleSubject) {
  const at = child(root, 'jsonWebKey');
  return at && at.text.trim() ? { at, json: parseJsonWebKey(at.text) } : undefined;
}
