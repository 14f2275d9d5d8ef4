import { isTrue, textAt, type Meaning } from '../../model';
import { disruptive, none, notice, type Case, type ImpactRule } from './meaning';

/** What a change of a deployment means; sites and apps see it once it is published. */
export const deploymentRules: readonly ImpactRule[] = [
  { path: /^$/, meaning: () => none() },
  { path: /^deploymentType$/, meaning: typeChanged },
  { path: /isEnabled$/, meaning: switched },
  {
    path: /\.messagingChannel$/,
    meaning: ({ name, difference }) =>
      disruptive(`Clients of ${name} chat on ${difference.to ?? ''} instead of ${difference.from ?? ''}.`),
  },
  { path: /^masterLabel$/, meaning: () => none() },
  { path: /.*/, meaning: ({ name }) => notice(`Sites and apps that use ${name} change once it is published.`) },
];

/** Only Web deployments can serve a site, and only Setup can make one (sf-skills: deployment-configure). */
function typeChanged({ name, difference }: Case): Meaning {
  return disruptive(
    `${name} is of type ${difference.from ?? ''} in the org, and sites or apps may use it as such. That its type can be changed is documented nowhere: give the deployment in the source another name.`,
  );
}

function switched({ name, difference }: Case): Meaning {
  return !isTrue(difference.to ?? undefined)
    ? disruptive(`${name} is switched off: sites and apps that use it lose their chat.`)
    : notice(`${name} is switched on.`);
}

/** What a change of queues and their routing means: work that waits now is routed by the new values. */
export const queueRules: readonly ImpactRule[] = [
  { path: /^$/, meaning: () => none() },
  { path: /^(name|label|description)$/, meaning: () => none() },
  { path: /.*/, meaning: ({ name }) => notice(`Routing of messaging sessions that wait in ${name} changes.`) },
];

/** What a change of an allowed origin means: pages of the old one can no longer reach the chat. */
export const corsRules: readonly ImpactRule[] = [
  {
    path: /^$/,
    meaning: ({ after }) => none(`Pages of ${(after && textAt(after.root, 'urlPattern')) ?? ''} may call Salesforce.`),
  },
  {
    path: /^urlPattern$/,
    meaning: ({ difference }) =>
      disruptive(
        `Pages of ${difference.from ?? ''} can no longer reach the chat; those of ${difference.to ?? ''} can.`,
      ),
  },
];
