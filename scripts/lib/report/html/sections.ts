import type { Report } from '../report';
import { checksOf, findingsOf } from './findings';
import type { Markup } from './markup';
import { matrixTables } from './matrix';
import { changesOf, faultBox, orgsTable } from './orgs';
import { trustMaps } from './trust';

/** A part of the page: what it is, how to read it, and what it holds. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly told: string;
  readonly content: readonly Markup[];
}

const TRUST =
  'What each org is set to trust, step by step: who issues the tokens, the keyset that vouches for the issuer, the keys that signatures are checked with, and the configuration, channel and deployment that rely on it. Whether tokens are accepted indeed, only the checks of verify show.';

/** The parts of the page in the order in which they are asked for; what is empty is left out. */
export function sectionsOf({ document, holdings }: Report): readonly Section[] {
  const { orgs = [], findings } = document;
  return [
    { id: 'trouble', title: 'What went wrong', told: '', content: faultsOf(document) },
    { id: 'orgs', title: 'Orgs', told: '', content: orgs.length > 0 ? [orgsTable(orgs)] : [] },
    {
      ...{ id: 'changes', title: 'Changes', content: changesOf(orgs) },
      told: 'What differs between each org and what is stated, and what bringing them together means for customers.',
    },
    { id: 'trust', title: 'Trust map', told: TRUST, content: holdings ? trustMaps(holdings.trust) : [] },
    {
      ...{ id: 'settings', title: 'Settings side by side', content: holdings ? matrixTables(holdings.matrix) : [] },
      told: 'What each org holds. An exclamation mark stands where that is not what is stated.',
    },
    { id: 'checks', title: 'Checks', told: '', content: checksOf(orgs) },
    { id: 'findings', title: 'Findings', told: '', content: findingsOf(findings) },
  ].filter(({ content }) => content.length > 0);
}

const faultsOf = ({ error, orgs = [] }: Report['document']): readonly Markup[] => [
  ...(error ? [faultBox(error, 'The command')] : []),
  ...orgs.flatMap((org) => (org.error ? [faultBox(org.error, org.alias)] : [])),
];
