import { isTrue, isWebDeployment, textAt, type ImpactAssessment } from '../../model';
import { disruptive, none, visible, type ImpactCase, type ImpactRule } from './impact-rule';

/** The rules for changes of a chat deployment. Sites and apps get a change after the chat deployment is published. */
export const chatDeploymentRules: readonly ImpactRule[] = [
  { path: /^$/, assess: deploymentCreated },
  { path: /^deploymentType$/, assess: deploymentTypeChanged },
  { path: /isEnabled$/, assess: enabledChanged },
  {
    path: /\.messagingChannel$/,
    assess: ({ name, difference }) =>
      disruptive(`Clients of ${name} use channel ${difference.to ?? ''} instead of ${difference.from ?? ''}.`),
  },
  { path: /^masterLabel$/, assess: () => none() },
  {
    path: /.*/,
    assess: ({ name }) => visible(`Sites and apps that use ${name} get the change after it is published.`),
  },
];

/** A Web chat deployment gets a site of its own, whose URL is in the code snippet of its pages. */
function deploymentCreated({ after, name }: ImpactCase): ImpactAssessment {
  return after && isWebDeployment(after) && textAt(after.root, 'site') === undefined
    ? none(`Salesforce creates a site for ${name}. client-kit prints its code snippet.`)
    : none();
}

/** Only a Web chat deployment works on a website. */
function deploymentTypeChanged({ name, difference }: ImpactCase): ImpactAssessment {
  return disruptive(
    `${name} has type ${difference.from ?? ''} in the org, and sites or apps may depend on it. Salesforce doesn't document whether the type can be changed. Rename the chat deployment in source.`,
  );
}

function enabledChanged({ name, difference }: ImpactCase): ImpactAssessment {
  return !isTrue(difference.to ?? undefined)
    ? disruptive(`Disables ${name}. Customers can't chat on sites and apps that use it.`)
    : visible(`Enables ${name}.`);
}

/** The rules for changes of queues and their routing. Sessions that wait now are routed with the new values. */
export const queueRules: readonly ImpactRule[] = [
  { path: /^$/, assess: () => none() },
  { path: /^(name|label|description)$/, assess: () => none() },
  { path: /.*/, assess: ({ name }) => visible(`Changes the routing of messaging sessions that wait in ${name}.`) },
];

/** The rules for changes of an allowed origin. Pages of the old origin can no longer connect to chat. */
export const corsRules: readonly ImpactRule[] = [
  {
    path: /^$/,
    assess: ({ after }) =>
      none(`Pages of ${(after && textAt(after.root, 'urlPattern')) ?? ''} can connect to Salesforce.`),
  },
  {
    path: /^urlPattern$/,
    assess: ({ difference }) =>
      disruptive(
        `Pages of ${difference.from ?? ''} can no longer connect to chat; those of ${difference.to ?? ''} can.`,
      ),
  },
];

/** The rules for changes of a Trusted URL. The content security policy of the chat window allows it. */
export const trustedUrlRules: readonly ImpactRule[] = [
  {
    path: /^$/,
    assess: ({ after }) => none(`Chat windows can use ${(after && textAt(after.root, 'endpointUrl')) ?? ''}.`),
  },
  {
    path: /.*/,
    assess: ({ name }) => visible(`Changes what chat windows can load from Trusted URL ${name}.`),
  },
];
