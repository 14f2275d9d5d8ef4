import type { Context } from '../cli';
import { probeEndpoint, type Expected } from '../endpoint';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { textAt, type Check } from '../model';
import { readRotations } from '../rotation';
import { styled, type Page } from '../report';
import { factsOf } from './collisions';
import type { ProbeFlags } from './flags';
import { namesOf } from './jwks';
import { isEndpoint, keyOfSource, keysetIn, keysetOf, readKeyProject, selectedOrgs, type KeyProject } from './keyset';

/** An endpoint, who fetches keys from it, and how it came out. */
interface Probed {
  readonly endpoint: string;
  readonly orgs: readonly string[];
  readonly checks: readonly Check[];
}

const DEFAULT_CACHE_HOURS = 72;

/** Looks at the endpoint of a keyset as Salesforce would: at each one, where orgs differ. */
export async function runProbe(context: Context<ProbeFlags>): Promise<ExitCode> {
  const { flags, page, show, document } = context;
  const project = readKeyProject(flags.project);
  const expected = expectedOf(project, context);
  const probed: Probed[] = [];
  for (const [endpoint, orgs] of endpointsOf(project, flags)) {
    probed.push({ endpoint, orgs, checks: await probeEndpoint(endpoint, expected, flags) });
  }
  probed.forEach((each) => show(probedText(page, each)));
  const exitCode = probed.every(({ checks }) => checks.every(({ ok }) => ok)) ? EXIT.done : EXIT.failed;
  document(JSON.stringify({ command: 'keys probe', exitCode, findings: [], endpoints: probed }, null, 2));
  return exitCode;
}

/** The endpoints of a keyset, each with the orgs that read it. */
export function endpointsOf(
  project: KeyProject,
  flags: { readonly name: string; readonly org: readonly string[]; readonly wave?: number },
): ReadonlyMap<string, readonly string[]> {
  const stated = keysetOf(project.source.components, flags.name);
  const found = new Map<string, string[]>();
  for (const desired of selectedOrgs(project.orgs, flags)) {
    const keyset = keysetIn(desired, flags.name);
    const address = keyset && isEndpoint(keyset) ? textAt(keyset.root, 'jwksEndPoint') : undefined;
    if (address !== undefined) found.set(address, [...(found.get(address) ?? []), desired.org.alias]);
  }
  const own = isEndpoint(stated) ? textAt(stated.root, 'jwksEndPoint') : undefined;
  if (found.size === 0 && own !== undefined) found.set(own, []);
  if (found.size > 0) return found;
  throw new ToolError(
    'unknown-component',
    {
      what: `The keyset ${flags.name} has no endpoint.`,
      why: 'Its keys are uploaded to the orgs (type JWKS), so that there is nothing to fetch.',
      fix: 'See what the orgs hold: npm run keys -- list.',
    },
    { exit: EXIT.invalid },
  );
}

function expectedOf(project: KeyProject, { flags, now }: Context<ProbeFlags>): Expected {
  const names = namesOf(project, flags.name, flags.key);
  const keys = names.flatMap((name) => {
    const facts = factsOf(keyOfSource(project.source.components, name), now);
    return facts?.kid === undefined ? [] : [{ name, kid: facts.kid, thumbprint: facts.thumbprint }];
  });
  const rotation = readRotations(project.folder).rotations.find(({ keyset }) => keyset === flags.name);
  return { keys, cacheHours: rotation?.cacheHours ?? DEFAULT_CACHE_HOURS, now };
}

function probedText(page: Page, { endpoint, orgs, checks }: Probed): string {
  const lines = checks.map(({ name, ok, detail }) => {
    const mark = ok ? styled(page, 'green', 'ok  ') : styled(page, 'red', 'FAIL');
    return `  ${mark}  ${name}: ${detail}`;
  });
  return [styled(page, 'bold', endpoint), ...(orgs.length > 0 ? [`  read by ${orgs.join(', ')}`] : []), ...lines].join(
    '\n',
  );
}
