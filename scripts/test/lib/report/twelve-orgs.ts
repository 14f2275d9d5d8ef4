import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding, OrgKind, OrgResult } from '../../../lib/model';
import { toOrgId18 } from '../../../lib/project/org-id';
import { loadProject } from '../../../lib/project';
import { planFleet } from '../../../lib/rollout';
import type { OrgSettings } from '../../../lib/report';
import { orgFindings } from '../../../lib/rollout/org-findings';
import { orgSettings } from '../../../lib/rollout/org-settings';
import { FakeSf } from '../fake-sf';

const ROOT = join(__dirname, '../../../..');
const NOW = new Date('2026-11-22T20:04:00Z');

/** The plan of a fleet, as `plan` computes it. */
export interface FleetPlan {
  readonly orgs: readonly OrgResult[];
  readonly findings: readonly Finding[];
  readonly settings: OrgSettings;
}

/** The orgs of each wave. The orgs of one stage share an issuer. */
const WAVES = [
  ['dev1', 'dev2', 'dev3', 'dev4'],
  ['qa1', 'qa2', 'qa3'],
  ['uat1', 'uat2', 'uat3'],
  ['prod_de', 'prod_us'],
];

interface FleetOrg {
  readonly alias: string;
  readonly orgId: string;
  readonly kind: OrgKind;
  readonly wave: number;
}

const ORGS: readonly FleetOrg[] = WAVES.flatMap((aliases, index) =>
  aliases.map((alias) => ({ alias, wave: index + 1 })),
).map(({ alias, wave }, index) => ({
  alias,
  wave,
  kind: alias.startsWith('prod') ? ('production' as const) : ('sandbox' as const),
  orgId: toOrgId18(`00D${String(index + 1).padStart(12, '0')}`) ?? '',
}));

/** The issuer of an org: one for each stage, or one for each org. */
export type IssuerOf = (alias: string) => string;

/** Computes the first plan of twelve empty orgs, from the components of this project. */
export async function planTwelveOrgs(issuerOf: IssuerOf): Promise<FleetPlan> {
  const project = writeProject(issuerOf);
  try {
    const { orgs, production, findings, apiVersion } = loadProject(project, { orgs: [] }, NOW);
    const sf = new FakeSf(Object.fromEntries(ORGS.map(({ alias, orgId, kind }) => [alias, { orgId, kind }])));
    const fleet = await planFleet(sf, orgs, { apiVersion, onResult: () => undefined });
    const liveFindings = fleet.flatMap((planned) => orgFindings(planned, production, NOW));
    return {
      orgs: fleet.map(({ result }) => result),
      findings: [...findings, ...liveFindings],
      settings: orgSettings(fleet, NOW),
    };
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

function writeProject(issuerOf: IssuerOf): string {
  const project = mkdtempSync(join(tmpdir(), 'twelve-orgs-'));
  cpSync(join(ROOT, 'force-app'), join(project, 'force-app'), { recursive: true });
  writeFileSync(
    join(project, 'sfdx-project.json'),
    JSON.stringify({ packageDirectories: [{ path: 'force-app', default: true }], sourceApiVersion: '67.0' }),
  );
  mkdirSync(join(project, 'config/orgs'), { recursive: true });
  for (const org of ORGS) writeFileSync(join(project, `config/orgs/${org.alias}.json`), orgFile(org, issuerOf));
  return project;
}

const orgFile = ({ alias, orgId, kind, wave }: FleetOrg, issuerOf: IssuerOf): string =>
  JSON.stringify({
    orgId,
    kind,
    wave,
    channels: ['Web_Chat', 'Mobile_Chat', 'Guest_Web_Chat'],
    overrides: { PublicKeyCertificateSet: { Customer_Identity: { jwtIssuer: issuerOf(alias) } } },
  });
