import type { MonitorRun } from '../../model';
import { formatUtc, type Report } from '../report';
import { checkDetails, findingCards } from './findings';
import type { Markup } from './markup';
import { matrixTables } from './matrix';
import { certificateLists, trafficTable } from './monitor';
import { changeDetails, errorBox, orgsTable } from './orgs';
import { trustMaps } from './trust-map';

/** A section of the page. The intro explains how to read it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly intro: string;
  readonly content: readonly Markup[];
}

const TRUST_INTRO =
  'The trust settings of each org: the issuer of the tokens, its keyset, the keys that verify signatures, and the user verification configurations, channels and chat deployments that use the keyset. To test whether tokens are accepted, run verify.';

/** The sections of the page. Empty ones are left out. */
export function reportSections({ document, orgSettings }: Report): readonly Section[] {
  const { orgs = [], findings } = document;
  return [
    { id: 'errors', title: 'Errors', intro: '', content: errorBoxes(document) },
    {
      id: 'changes',
      title: 'Changes',
      content: changeDetails(orgs),
      intro: 'Differences between the live and the desired state of each org, and the impact of a deploy on customers.',
    },
    { id: 'orgs', title: 'Orgs', intro: '', content: orgs.length > 0 ? [orgsTable(orgs, document.command)] : [] },
    ...monitorSections(document.monitor, orgSettings?.history),
    { id: 'trust', title: 'Trust map', intro: TRUST_INTRO, content: orgSettings ? trustMaps(orgSettings.trust) : [] },
    {
      id: 'settings',
      title: 'Settings by org',
      content: orgSettings ? matrixTables(orgSettings.matrix) : [],
      intro:
        "Live settings of each org. ! marks a difference from the desired state; + marks what the org doesn't have yet.",
    },
    { id: 'checks', title: 'Checks', intro: '', content: checkDetails(orgs) },
    { id: 'findings', title: 'Findings', intro: '', content: findingCards(findings) },
  ].filter(({ content }) => content.length > 0);
}

const TRAFFIC_INTRO =
  'Chats on channels with user verification, counted in each org, and the share of verified users. The line shows the share in the runs of the history, from 0% to 100%.';

function monitorSections(run: MonitorRun | undefined, history: readonly MonitorRun[] = []): readonly Section[] {
  if (!run) return [];
  const since = ` Counted since ${formatUtc(new Date(run.since))}.`;
  const traffic = run.orgs.some((org) => org.traffic.length > 0) ? [trafficTable(history, run)] : [];
  return [
    { id: 'chats', title: 'Verified chats', intro: `${TRAFFIC_INTRO}${since}`, content: traffic },
    { id: 'certificates', title: 'Certificates', intro: '', content: certificateLists(run.orgs) },
  ];
}

const errorBoxes = ({ error, orgs = [] }: Report['document']): readonly Markup[] => [
  ...(error ? [errorBox(error, 'Command')] : []),
  ...orgs.flatMap((org) => (org.error ? [errorBox(org.error, org.alias)] : [])),
];
