import { isWebDeployment, ORG_VALUES, type Component } from '../model';
import { locationAt } from './location';
import { defineRules, violation, warning, type Violation } from './rule';
import { SKILL_HELP_AGENT } from './sources';

export const WEB_DEPLOYMENT_RULES = defineRules({
  'org-value': warning('Source declares no value that one org generated.', SKILL_HELP_AGENT),
});

/** Reports the site and the branding of a Web chat deployment. A deploy ignores them: each org keeps its own. */
export const checkOrgValues = (component: Component): readonly Violation[] =>
  isWebDeployment(component)
    ? ORG_VALUES.map((name) => locationAt(component, name))
        .filter(({ element }) => element)
        .map((location) =>
          violation(
            WEB_DEPLOYMENT_RULES['org-value'],
            location,
            `One org generated this ${location.path}. It isn't deployed to another one: each org keeps its own.`,
            'Remove the element.',
          ),
        )
    : [];
