import { textAt, type Element } from './element';
import { componentsOf, keyOf, type Component, type ComponentMap } from './component';
import type { Plan } from './plan';

/**
 * The elements of a Web chat deployment that one org generated: its site (ESW_<name>_<timestamp>) and its branding set. The names
 * mean nothing in another org, and the site can't be changed (sf-skills: service-helpagent-coordinate).
 */
export const ORG_VALUES: readonly string[] = ['site', 'branding'];

/** Whether a component is a chat deployment of type Web: the one that websites load. */
export const isWebDeployment = ({ type, root }: Component): boolean =>
  type === 'EmbeddedServiceConfig' && textAt(root, 'deploymentType') === 'Web';

/**
 * A Web chat deployment with the site and the branding of another one, usually the one in the org. Other components are
 * unchanged.
 */
export function withOrgValues(component: Component, live: Component | undefined): Component {
  if (!isWebDeployment(component)) return component;
  const own = component.root.children.filter(({ name }) => !ORG_VALUES.includes(name));
  const values = live ? live.root.children.filter(({ name }) => ORG_VALUES.includes(name)) : [];
  if (values.length === 0 && own.length === component.root.children.length) return component;
  return { ...component, root: { ...component.root, children: [...own, ...values].sort(byName) } };
}

const byName = (one: Element, other: Element): number => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0);

/**
 * The Web chat deployments that a plan creates without a site. The Metadata API creates one only with its site (public projects
 * deploy both), so they are set up with the Connect API, which makes the site.
 */
export const deploymentsToSetUp = ({ toDeploy, changes }: Pick<Plan, 'toDeploy' | 'changes'>): readonly Component[] =>
  [...toDeploy.values()].filter(
    (component) =>
      isWebDeployment(component) &&
      textAt(component.root, 'site') === undefined &&
      changes.some(({ component: key, action }) => key === keyOf(component) && action === 'create'),
  );

/**
 * Whether a change makes an existing chat deployment one of type Web without a site. Only the creation of a chat deployment
 * makes a site, and no page can load one without it.
 */
export const lacksSite = (live: Component | undefined, target: Component): boolean =>
  live !== undefined && !isWebDeployment(live) && isWebDeployment(target) && (textAt(target.root, 'site') ?? '') === '';

/** The host of the first page that chats in an org: that of its first allowed origin without a wildcard. */
export const firstPageHost = (components: ComponentMap): string | undefined =>
  componentsOf(components, 'CorsWhitelistOrigin')
    .flatMap(({ root }) => textAt(root, 'urlPattern') ?? [])
    .filter((origin) => !origin.includes('*'))
    .flatMap((origin) => URL.parse(origin)?.hostname ?? [])[0];
