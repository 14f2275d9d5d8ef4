import type { Report } from '../report';
import { checkDetails, findingsByFile } from './findings';
import type { Markup } from './markup';
import { matrixTables } from './matrix';
import { changeDetails, errorBox, orgsTable } from './orgs';
import { trustMaps } from './trust-map';

/** A part of the page: what it is, how to read it, and what it holds. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly intro: string;
  readonly content: readonly Markup[];
}

const TRUST_INTRO =
  'What each org is set to trust, step by step: who issues the tokens, the keyset that vouches for the issuer, the keys that signatures are checked with, and the configuration, channel and deployment that rely on it. Whether tokens are accepted indeed, only the checks of verify show.';

/** The parts of the page in the order in which they are asked for; what is empty is left out. */
export function reportSections({ document, orgSettings }: Report): readonly Section[] {
  const { orgs = [], findings } = document;
  return [
    { id: 'trouble', title: 'What went wrong', intro: '', content: errorBoxes(document) },
    { id: 'orgs', title: 'Orgs', intro: '', content: orgs.length > 0 ? [orgsTable(orgs)] : [] },
    {
      ...{ id: 'changes', title: 'Changes', content: changeDetails(orgs) },
      intro: 'What differs between each org and what is stated, and what bringing them together means for customers.',
    },
    { id: 'trust', title: 'Trust map', intro: TRUST_INTRO, content: orgSettings ? trustMaps(orgSettings.trust) : [] },
    {
      ...{
        id: 'settings',
        title: 'Settings side by side',
        content: orgSettings ? matrixTables(orgSettings.matrix) : [],
      },
      intro: 'What each org holds. An exclamation mark stands where that is not what is stated.',
    },
    { id: 'checks', title: 'Checks', intro: '', content: checkDetails(orgs) },
    { id: 'findings', title: 'Findings', intro: '', content: findingsByFile(findings) },
  ].filter(({ content }) => content.length > 0);
}

const errorBoxes = ({ error, orgs = [] }: Report['document']): readonly Markup[] => [
  ...(error ? [errorBox(error, 'The command')] : []),
  ...orgs.flatMap((org) => (org.error ? [errorBox(org.error, org.alias)] : [])),
];
