/**
 * How chat deployments of type Web behave where sources contradict each other. The first value of each setting is the default.
 * (Salesforce playbooks service-digital-engagement-deployment-configure and service-helpagent-coordinate; public projects)
 */
const VALUES = {
  /** whether the Metadata API creates one whose site is in the package or the org */
  metadataCreate: ['with-site', 'never'],
  /** whether the Metadata API updates one, or rejects each file with a site, even an unchanged one */
  metadataUpdate: ['accepted', 'immutable'],
  /** what a second setup request with the same name does */
  repeatedSetup: ['duplicate', 'rejected'],
  /** whether a setup request needs hostDomain */
  hostDomain: ['optional', 'required'],
  /** whether a setup request publishes the chat deployment that it creates */
  setupPublishes: ['yes', 'no'],
} as const;

export type WebDeploymentSettings = { readonly [Name in keyof typeof VALUES]: (typeof VALUES)[Name][number] };

export const DEFAULT_WEB_DEPLOYMENT_SETTINGS: WebDeploymentSettings = {
  metadataCreate: 'with-site',
  metadataUpdate: 'accepted',
  repeatedSetup: 'duplicate',
  hostDomain: 'optional',
  setupPublishes: 'yes',
};

const EXAMPLE = 'Example: metadataUpdate=immutable,repeatedSetup=rejected';

/**
 * Parses the value of `--web-deployments`. The error for an invalid setting lists the valid ones.
 * @example parseWebDeploymentSettings('metadataUpdate=immutable') // { metadataUpdate: 'immutable' }
 */
export function parseWebDeploymentSettings(spec: string): Partial<WebDeploymentSettings> {
  return Object.fromEntries(spec.split(',').map((part) => parsePart(part.trim())));
}

function parsePart(part: string): [string, string] {
  const [name = '', value = ''] = part.split('=', 2);
  if (!Object.hasOwn(VALUES, name)) {
    const names = Object.keys(VALUES).join(', ');
    throw new Error(`Unknown setting of Web chat deployments "${name}". Valid settings: ${names}. ${EXAMPLE}`);
  }
  const values: readonly string[] = VALUES[name as keyof typeof VALUES];
  if (values.includes(value)) return [name, value];
  throw new Error(`Invalid value in "${part}". Valid values: ${values.join(', ')}. ${EXAMPLE}`);
}
