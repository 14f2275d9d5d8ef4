import { componentsOf, keyOf, mapOf, type Component, type ComponentKey, type ComponentMap } from './component';
import { isTrueAt, withLeaf } from './element';
import { disabled, mapAuthorizations, type TrustPolicy } from './closed-trust';
import { authorizationsOf, chatDeploymentsFor, enabledAuthorizationsOf, keyNamesOf, keysetNameOf } from './trust';

/** The changes with which an org stops using its retired components. */
export interface Retirement {
  /** Channels without trust, and disabled chat deployments. */
  readonly components: ComponentMap;
  /** Developer names of the channels to deactivate. */
  readonly inactive: readonly string[];
  /** Keysets and keys that nothing uses any more. */
  readonly absent: readonly ComponentKey[];
}

/** The options of a retirement. */
export interface RetirementPolicy extends Pick<TrustPolicy, 'revokeBy' | 'canDeploy'> {
  /** The components that are used in any case. */
  readonly kept: ReadonlySet<string>;
}

/**
 * Turns off the retired components of an org: channels become inactive and verify nobody, their chat deployments are disabled,
 * and keysets and keys are deleted if nothing else uses them. `end` is the org after its plan. With `revokeBy` disabling, the org
 * keeps the configurations that a file omits: they are disabled, their keysets stay, and their keys are deactivated. An org that
 * is in this state stays in it.
 */
export function retirementOf(
  retired: readonly ComponentKey[],
  end: ComponentMap,
  { kept, revokeBy, canDeploy = () => true }: RetirementPolicy,
): Retirement {
  const gone = retired.flatMap((key) => (kept.has(key) ? [] : (end.get(key) ?? [])));
  const channels = gone.filter(({ type }) => type === 'MessagingChannel');
  const others = new Map([...end].filter(([key]) => !channels.some((channel) => keyOf(channel) === key)));
  const activeKeys = (channel: Component): readonly Component[] =>
    deletableKeys([], deletableKeysets([], [channel], kept, others), kept, others)
      .flatMap((key) => end.get(key) ?? [])
      .filter((key) => isTrueAt(key.root, 'isActive') && canDeploy(key));
  const isOff = (channel: Component): boolean =>
    authorizationsOf(channel).length > 0 &&
    enabledAuthorizationsOf(channel).length === 0 &&
    activeKeys(channel).length === 0;
  const disabledOnly = channels.filter((channel) => revokeBy === 'disabling' || isOff(channel));
  const remaining = new Map([...others, ...mapOf(disabledOnly)]);
  const keysets = deletableKeysets(gone, channels, kept, remaining);
  const keys = deletableKeys(gone, keysets, kept, remaining);
  return {
    components: mapOf([
      ...channels.map((channel) =>
        withoutTrust(
          channel,
          keysets.filter((key) => end.has(key)),
        ),
      ),
      ...disabledOnly.flatMap(activeKeys).map((key) => ({ ...key, root: withLeaf(key.root, 'isActive', 'false') })),
      ...retiredDeployments(gone, channels, end).filter((each) => !kept.has(keyOf(each))),
    ]),
    inactive: channels.map(({ fullName }) => fullName),
    absent: [...keysets, ...keys].filter((key) => end.has(key)),
  };
}

const keysetsOf = (channels: readonly Component[]): readonly string[] =>
  channels.flatMap(authorizationsOf).flatMap((item) => keysetNameOf(item) ?? []);

/** The retired keysets and those of the retired channels, if no remaining channel refers to them. */
function deletableKeysets(
  gone: readonly Component[],
  channels: readonly Component[],
  kept: ReadonlySet<string>,
  remaining: ComponentMap,
): readonly ComponentKey[] {
  const used = new Set(keysetsOf(componentsOf(remaining, 'MessagingChannel')));
  const named = gone.filter(({ type }) => type === 'PublicKeyCertificateSet').map(({ fullName }) => fullName);
  return [...new Set([...keysetsOf(channels), ...named])]
    .filter((name) => !used.has(name))
    .map((name): ComponentKey => `PublicKeyCertificateSet:${name}`)
    .filter((key) => !kept.has(key));
}

/** The retired keys and those of the deleted keysets, if no remaining keyset lists them. */
function deletableKeys(
  gone: readonly Component[],
  keysets: readonly ComponentKey[],
  kept: ReadonlySet<string>,
  remaining: ComponentMap,
): readonly ComponentKey[] {
  const others = componentsOf(remaining, 'PublicKeyCertificateSet').filter((set) => !keysets.includes(keyOf(set)));
  const used = new Set(others.flatMap(keyNamesOf));
  const named = gone.filter(({ type }) => type === 'PublicKeyCertificate').map(({ fullName }) => fullName);
  return [...new Set([...keysets.flatMap((key) => keyNamesOf(remaining.get(key))), ...named])]
    .filter((name) => !used.has(name))
    .map((name): ComponentKey => `PublicKeyCertificate:${name}`)
    .filter((key) => !kept.has(key));
}

/** A reference keeps a keyset from being deleted, so configurations of deleted keysets are removed; others are disabled. */
const withoutTrust = (channel: Component, deletedKeysets: readonly ComponentKey[]): Component =>
  mapAuthorizations(channel, (item) => {
    if (deletedKeysets.includes(`PublicKeyCertificateSet:${keysetNameOf(item) ?? ''}`)) return undefined;
    return isTrueAt(item, 'enabled') ? disabled(item) : item;
  });

/** The retired chat deployments and those of the retired channels, disabled. */
function retiredDeployments(
  gone: readonly Component[],
  channels: readonly Component[],
  end: ComponentMap,
): readonly Component[] {
  const named = gone.filter(({ type }) => type === 'EmbeddedServiceConfig');
  const served = channels.flatMap(({ fullName }) => chatDeploymentsFor(end, fullName));
  return [...new Set([...named, ...served])].map(withDisabled);
}

const withDisabled = (deployment: Component): Component =>
  isTrueAt(deployment.root, 'isEnabled')
    ? { ...deployment, root: withLeaf(deployment.root, 'isEnabled', 'false') }
    : deployment;
