import { ToolError } from '../errors';
import { compromisedKeyOf, hasDateProblem } from '../jwk';
import {
  type Component,
  type ComponentKey,
  type ComponentMap,
  type CompromisedKey,
  compromisedKeyText,
  type DesiredState,
  keyOf,
  keysetsListing,
  npmRun,
  trustedKeys,
  withLeaf,
  withoutKey,
} from '../model';

/** A component that a keyset trusts, and the compromised key that it contains. */
interface TrustedCompromisedKey {
  readonly component: Component;
  readonly key: CompromisedKey;
}

/** The compromised keys that some keyset trusts, under whatever name. */
export const trustedCompromisedKeys = (
  components: ComponentMap,
  compromised: readonly CompromisedKey[],
): readonly TrustedCompromisedKey[] =>
  trustedKeys(components).flatMap((component) => {
    const key = compromisedKeyOf(component, compromised);
    return key ? [{ component, key }] : [];
  });

/**
 * The components that revoke every compromised key that an org trusts and `declared` doesn't contain. A key is deactivated. Salesforce
 * rejects a key with an expired certificate in every deploy, so such a key leaves its keysets instead.
 */
export function revokeCompromisedKeys(
  { components: declared, compromised }: Pick<DesiredState, 'components' | 'compromised'>,
  live: ComponentMap,
  now = new Date(),
): ComponentMap {
  const revoked = new Map<ComponentKey, Component>();
  for (const { component } of trustedCompromisedKeys(live, compromised)) {
    if (declared.has(keyOf(component))) continue;
    if (!hasDateProblem(component, now)) {
      revoked.set(keyOf(component), { ...component, root: withLeaf(component.root, 'isActive', 'false') });
      continue;
    }
    for (const keyset of keysetsListing(live, component.fullName))
      revoked.set(keyOf(keyset), withoutKey(revoked.get(keyOf(keyset)) ?? keyset, component.fullName));
  }
  return revoked;
}

/** Throws `compromised-key` if components that a plan deploys let the org trust a compromised key. `after` is the org after the plan. */
export function assertNotTrusted(
  { org, compromised, transition }: DesiredState,
  after: ComponentMap,
  deployed: ComponentMap,
): void {
  const trusted = trustedCompromisedKeys(after, compromised).find(
    ({ component }) => deployed.has(keyOf(component)) || keysetsListing(deployed, component.fullName).length > 0,
  );
  if (!trusted) return;
  const { component, key } = trusted;
  throw new ToolError('compromised-key', {
    what: `"${org.alias}" would trust the key ${component.fullName}, which is compromised. Nothing was sent to it.`,
    why: `It has the key pair of ${compromisedKeyText(key)}.`,
    fix: transition
      ? `Deploy the desired state, which doesn't trust the key: ${npmRun('deploy', '--org', org.alias)}`
      : `Set isActive of ${keyOf(component)} to false in the source.`,
  });
}
