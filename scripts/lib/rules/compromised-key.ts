import { compromisedKeyOf } from '../jwk';
import { componentsOf, compromisedKeyText, isFalseAt, type DesiredState, npmRun } from '../model';
import { locationAt } from './location';
import { defineRules, error, violation, type Violation } from './rule';
import { PROJECT_SAFETY } from './sources';

export const COMPROMISED_KEY_RULES = defineRules({
  'compromised-key': error('No org trusts a compromised key.', PROJECT_SAFETY),
});

/** A key without `isActive` keeps its live value, so only `false` keeps an org from trusting it. */
export const checkCompromisedKeys = ({ components, compromised }: DesiredState): readonly Violation[] =>
  componentsOf(components, 'PublicKeyCertificate').flatMap((component) => {
    const key = compromisedKeyOf(component, compromised);
    if (!key || isFalseAt(component.root, 'isActive')) return [];
    const message = `The key has the key pair of ${compromisedKeyText(key)}.`;
    const fix = `Set isActive to false. To replace the key, create a key pair: ${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}`;
    return [violation(COMPROMISED_KEY_RULES['compromised-key'], locationAt(component, 'isActive'), message, fix)];
  });
