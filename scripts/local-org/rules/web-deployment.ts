import { child, childText, type XmlElement } from '../metadata/xml';
import { unresolvedReference, type OrgView, type Rule } from './rule';
import { SOURCES } from './sources';

const TYPE = 'EmbeddedServiceConfig';

/**
 * Rules for chat deployments of type Web, and for the branding of any chat deployment. A value that is in the org already isn't
 * checked again.
 */
export const WEB_DEPLOYMENT_RULES: readonly Rule[] = [
  {
    name: 'web-deployment-has-site',
    type: TYPE,
    source: `${SOURCES.deployedSite}; the playbook service-digital-engagement-deployment-configure says that none is created`,
    certainty: 'confirmed',
    textKnown: false,
    check({ name, root }, view) {
      if (!isWeb(root) || view.before(TYPE, name)) return [];
      const [type, site] = [child(root, 'deploymentType'), child(root, 'site')];
      if (!type || view.webDeployments.metadataCreate === 'with-site') return missingSite(site, view);
      return [{ text: "You can't create an EmbeddedServiceConfig of type Web with the Metadata API", at: type }];
    },
  },
  {
    name: 'web-deployment-site-is-immutable',
    type: TYPE,
    source: SOURCES.deploymentUpdatePlaybook,
    certainty: 'single source',
    textKnown: false,
    check({ name, root }, view) {
      const before = view.before(TYPE, name);
      if (!before || !isWeb(before)) return [];
      const [site, current] = [childText(root, 'site'), childText(before, 'site')];
      const isRejected = site !== current || (site !== undefined && view.webDeployments.metadataUpdate === 'immutable');
      const at = child(root, 'site') ?? root;
      return isRejected ? [{ text: "The field site is immutable and can't be updated", at }] : [];
    },
  },
  {
    name: 'deployment-branding-exists',
    type: TYPE,
    source: 'Metadata API guide, EmbeddedServiceConfig',
    certainty: 'inferred',
    textKnown: false,
    check({ name, root }, view) {
      const at = child(root, 'branding');
      const branding = childText(root, 'branding');
      if (!at || !branding || branding === childText(view.before(TYPE, name), 'branding')) return [];
      return ['BrandingSet', 'EmbeddedServiceBranding'].some((type) => view.has(type, branding))
        ? []
        : [unresolvedReference('branding', 'BrandingSet', branding, at)];
    },
  },
];

const isWeb = (root: XmlElement): boolean => childText(root, 'deploymentType') === 'Web';

const SITE_TYPES = ['CustomSite', 'Network'];

function missingSite(site: XmlElement | undefined, view: OrgView): ReturnType<Rule['check']> {
  const name = site?.text.trim() ?? '';
  if (!site || name === '') return [{ text: 'Required fields are missing: [SiteId]' }];
  return SITE_TYPES.some((type) => view.has(type, name)) ? [] : [unresolvedReference('site', 'CustomSite', name, site)];
}
