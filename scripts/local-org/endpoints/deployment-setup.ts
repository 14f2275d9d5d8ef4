import { publish } from '../chat-api/publish';
import { json, parseJsonBody, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { sameId } from '../identifiers';
import { fromJson } from '../metadata/from-json';
import { generateSite } from '../metadata/sites';
import { logEvent, type Org } from '../org/org';
import { runStep } from '../org/steps';
import { NOT_FOUND } from './rest-error';

/**
 * Creates and publishes a chat deployment, with the site and the branding set of type Web. Available from 67.0; earlier versions
 * return 404. (Salesforce playbooks service-digital-engagement-deployment-configure and service-helpagent-coordinate)
 */
export const DEPLOYMENT_SETUP_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: /^\/services\/data\/v(\d+\.\d)\/connect\/embeddedmessaging\/deployment\/setup\/?$/,
    handle: setUp,
  },
];

function setUp(org: Org, request: Request, [version]: readonly string[]): Promise<Response> | Response {
  if (Number(version) < 67) return NOT_FOUND;
  return runStep(org, 'setup', () => {
    const body = (parseJsonBody(request) ?? {}) as Readonly<Record<string, unknown>>;
    const problem = setupProblem(org, body);
    return problem === undefined ? json(create(org, body)) : json(response({ errorMsg: problem }));
  });
}

const response = (values: object): object => ({
  isSuccess: false,
  embeddedServiceDeploymentId: null,
  isPublishSuccess: false,
  errorMsg: null,
  ...values,
});

/** The messages aren't Salesforce's: no source has them. */
function setupProblem(org: Org, body: Readonly<Record<string, unknown>>): string | undefined {
  const { name, masterLabel, deploymentType, hostDomain } = body;
  const { hostDomain: hostDomainRule, repeatedSetup } = org.webDeployments;
  if (typeof name !== 'string' || !/^[A-Za-z]\w*$/.test(name)) return 'The name is not a valid API name.';
  if (typeof masterLabel !== 'string') return 'Required fields are missing: [masterLabel]';
  if (!['Web', 'API', 'Mobile'].includes(String(deploymentType))) return 'The deployment type is not valid.';
  if (!findChannel(org, body)) return 'The messaging channel does not exist.';
  if (deploymentType === 'Web' && hostDomainRule === 'required' && typeof hostDomain !== 'string')
    return 'Required fields are missing: [hostDomain]';
  const exists = org.metadata.find('EmbeddedServiceConfig', name) !== undefined;
  return exists && repeatedSetup === 'rejected' ? `An embedded service deployment named ${name} exists.` : undefined;
}

const findChannel = (org: Org, { messagingChannelId: id }: Readonly<Record<string, unknown>>) =>
  org.metadata.ofType('MessagingChannel').find(({ record }) => typeof id === 'string' && sameId(record.id, id));

function create(org: Org, body: Readonly<Record<string, unknown>>): object {
  const { name: requested, masterLabel, deploymentType, clientVersion = null } = body;
  const name = unusedName(org, String(requested));
  const { site, branding, files } = generateSite(name, org.now());
  const isWeb = deploymentType === 'Web';
  const metadata = {
    ...NEW_DEPLOYMENT,
    masterLabel,
    deploymentType,
    ...(isWeb && { clientVersion, site, branding }),
    embeddedServiceMessagingChannel: { ...NEW_CHANNEL_SETTINGS, messagingChannel: findChannel(org, body)?.name },
  };
  const path = `EmbeddedServiceConfig/${name}.EmbeddedServiceConfig`;
  const written = { ...(isWeb && files), [path]: fromJson(metadata, 'EmbeddedServiceConfig') };
  org.metadata.apply(new Map(Object.entries(written).map(([file, text]) => [file, Buffer.from(text)])), [], org.now());
  const deployment = org.metadata.find('EmbeddedServiceConfig', name);
  const publishes = org.webDeployments.setupPublishes === 'yes';
  if (deployment && publishes) publish(org, deployment);
  logEvent(org, 'setup', { name, type: String(deploymentType), published: publishes });
  org.save();
  const id = deployment?.record.id ?? null;
  return response({ isSuccess: true, embeddedServiceDeploymentId: id, isPublishSuccess: publishes });
}

/** "calling twice creates duplicate deployments". How the second one is named isn't documented. */
function unusedName(org: Org, name: string): string {
  let unused = name;
  for (let copy = 1; org.metadata.find('EmbeddedServiceConfig', unused); copy++) unused = `${name}_${copy}`;
  return unused;
}

const NEW_DEPLOYMENT = {
  areGuestUsersAllowed: false,
  deploymentFeature: 'EmbeddedMessaging',
  isEnabled: true,
  isTermsAndConditionsEnabled: false,
  isTermsAndConditionsRequired: false,
  shouldHideAuthDialog: false,
};

const NEW_CHANNEL_SETTINGS = {
  isEnabled: true,
  shouldShowAgentforceTagline: false,
  shouldShowDeliveryReceipts: true,
  shouldShowEmojiSelection: true,
  shouldShowReadReceipts: true,
  shouldShowTypingIndicators: true,
  shouldStartNewLineOnEnter: false,
};
