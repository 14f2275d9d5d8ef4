import { SIGNER_RECORD } from '../../model';
import { disruptive, none, visible, type ImpactCase, type ImpactRule } from './impact-rule';

/** The types that site members depend on while they chat. Labels and layouts only change what they read. */
const isUsedForTokens = ({ difference: { component } }: ImpactCase): boolean =>
  /^(ApexClass|LightningComponentBundle|StaticResource|CustomObject|CustomField|CustomMetadata):/.test(component);

const isSignerValue = ({ difference: { component, path } }: ImpactCase): boolean =>
  component === SIGNER_RECORD && /^values\[(Issuer|Key_Id|Algorithm|Certificate)__c\]/.test(path);

/** The rules for new and changed components of the member site. */
export const memberSiteRules: readonly ImpactRule[] = [
  { path: /^$/, assess: () => none() },
  {
    path: /.*/,
    assess: (impactCase) => {
      if (isSignerValue(impactCase)) return visible('New tokens of site members are signed with the new values.');
      return isUsedForTokens(impactCase)
        ? visible('Changes how the site sends the identity of its members to chat.')
        : none();
    },
  },
];

/** No customer depends on a class of tests. */
const isTestClass = ({ before }: ImpactCase): boolean =>
  before?.type === 'ApexClass' && /@IsTest\b/i.test(JSON.stringify(before.root));

/** The rules for deleted components of the member site. Only a rollback deletes them. */
export const memberSiteRemovalRules: readonly ImpactRule[] = [
  {
    path: /^$/,
    assess: (impactCase) =>
      isUsedForTokens(impactCase) && !isTestClass(impactCase)
        ? disruptive(`Deletes ${impactCase.name}. The site can no longer send the identity of its members to chat.`)
        : none(),
  },
];
