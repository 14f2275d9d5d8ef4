import { isTrue, textAt, type ImpactAssessment } from '../../model';
import { disruptive, none, visible, type ImpactCase, type ImpactRule } from './impact-rule';

/** What a change of a deployment means; sites and apps see it once it is published. */
export const chatDeploymentRules: readonly ImpactRule[] = [
  { path: /^$/, assess: () => none() },
  { path: /^deploymentType$/, assess: deploymentTypeChanged },
  { path: /isEnabled$/, assess: enabledChanged },
  {
    path: /\.messagingChannel$/,
    assess: ({ name, difference }) =>
      disruptive(`Clients of ${name} chat on ${difference.to ?? ''} instead of ${difference.from ?? ''}.`),
  },
  { path: /^masterLabel$/, assess: () => none() },
  { path: /.*/, assess: ({ name }) => visible(`Sites and apps that use ${name} change once it is published.`) },
];

/** Only Web deployments can serve a site, and only Setup can make one (sf-skills: deployment-configure). */
function deploymentTypeChanged({ name, difference }: ImpactCase): ImpactAssessment {
  return disruptive(
    `${name} is of type ${difference.from ?? ''} in the org, and sites or apps may use it as such. That its type can be changed is documented nowhere: give the deployment in the source another name.`,
  );
}

function enabledChanged({ name, difference }: ImpactCase): ImpactAssessment {
  return !isTrue(difference.to ?? undefined)
    ? disruptive(`${name} is switched off: sites and apps that use it lose their chat.`)
    : visible(`${name} is switched on.`);
}

/** What a change of queues and their routing means: work that waits now is routed by the new values. */
export const queueRules: readonly ImpactRule[] = [
  { path: /^$/, assess: () => none() },
  { path: /^(name|label|description)$/, assess: () => none() },
  { path: /.*/, assess: ({ name }) => visible(`Routing of messaging sessions that wait in ${name} changes.`) },
];

/** What a change of an allowed origin means: pages of the old one can no longer reach the chat. */
export const corsRules: readonly ImpactRule[] = [
  {
    path: /^$/,
    assess: ({ after }) => none(`Pages of ${(after && textAt(after.root, 'urlPattern')) ?? ''} may call Salesforce.`),
  },
  {
    path: /^urlPattern$/,
    assess: ({ difference }) =>
      disruptive(
        `Pages of ${difference.from ?? ''} can no longer reach the chat; those of ${difference.to ?? ''} can.`,
      ),
  },
];
