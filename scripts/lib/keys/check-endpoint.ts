import type { Context } from '../cli';
import { inspectEndpoint, type EndpointCheck, type ExpectedDocument } from '../verification/endpoint';
import { asToolError, EXIT, ToolError, type ExitCode } from '../errors';
import { keyFactsOf } from '../jwk';
import { jwksUrlOf, npmRun } from '../model';
import { cacheHoursOf, readRotations } from '../rotation';
import { serializeDocument, styled, type TextLayout } from '../report';
import { sourceKey, orgKeyset, sourceKeyset, readKeyProject, selectOrgs, type KeyProject } from './keyset';
import type { CheckEndpointFlags } from './flags';
import { documentKeyNames } from './jwks';

/** A JWKS endpoint, the orgs that read it, and its checks. */
interface EndpointReport {
  readonly endpoint: string;
  readonly orgs: readonly string[];
  readonly checks: readonly EndpointCheck[];
  /** Whether no response arrived. */
  readonly unreachable?: true;
}

/**
 * Checks each JWKS endpoint of a keyset with requests as Salesforce sends them. Orgs can have different endpoints, and one that
 * doesn't respond doesn't end the command.
 */
export async function runCheckEndpoint(context: Context<CheckEndpointFlags>): Promise<ExitCode> {
  const { flags, layout, print, printJson } = context;
  const project = readKeyProject(flags.project);
  const expected = expectedDocument(project, context);
  const reports: EndpointReport[] = [];
  for (const [endpoint, orgs] of keysetEndpoints(project, flags)) {
    reports.push({ endpoint, orgs, ...(await checkUrl(endpoint, expected, flags)) });
  }
  reports.forEach((each) => print(endpointText(layout, each)));
  const exitCode = exitCodeOf(reports);
  printJson(serializeDocument({ command: 'keys check-endpoint', exitCode, findings: [], endpoints: reports }));
  return exitCode;
}

async function checkUrl(
  endpoint: string,
  expected: ExpectedDocument,
  flags: CheckEndpointFlags,
): Promise<Pick<EndpointReport, 'checks' | 'unreachable'>> {
  try {
    return { checks: await inspectEndpoint(endpoint, expected, flags) };
  } catch (thrown) {
    const { code, why, fix } = asToolError(thrown);
    if (code !== 'endpoint-unreachable') throw thrown;
    return { checks: [{ name: 'reachable', ok: false, detail: `${why} ${fix}` }], unreachable: true };
  }
}

/** An unreachable endpoint is worse than a failed check: nothing is known about its keys. */
function exitCodeOf(reports: readonly EndpointReport[]): ExitCode {
  if (reports.some(({ unreachable }) => unreachable)) return EXIT.unreachable;
  return reports.every(({ checks }) => checks.every(({ ok }) => ok)) ? EXIT.done : EXIT.failed;
}

/**
 * Returns the JWKS endpoints of a keyset, each with the orgs that read it. Throws `unknown-component` if the keyset doesn't exist
 * or has no endpoint.
 */
export function keysetEndpoints(
  project: KeyProject,
  flags: { readonly name: string; readonly org: readonly string[]; readonly wave?: number },
): ReadonlyMap<string, readonly string[]> {
  const declared = sourceKeyset(project.source.components, flags.name);
  const endpoints = new Map<string, string[]>();
  for (const desired of selectOrgs(project.orgs, flags)) {
    const url = jwksUrlOf(orgKeyset(desired, flags.name));
    if (url !== undefined) endpoints.set(url, [...(endpoints.get(url) ?? []), desired.org.alias]);
  }
  const sourceUrl = jwksUrlOf(declared);
  if (endpoints.size === 0 && sourceUrl !== undefined) endpoints.set(sourceUrl, []);
  if (endpoints.size > 0) return endpoints;
  throw new ToolError(
    'unknown-component',
    {
      what: `The keyset ${flags.name} has no endpoint.`,
      why: 'Its keys are uploaded to the orgs (type JWKS).',
      fix: `List the uploaded keys: ${npmRun('keys', 'list')}`,
    },
    { exit: EXIT.invalid },
  );
}

function expectedDocument(project: KeyProject, { flags, now }: Context<CheckEndpointFlags>): ExpectedDocument {
  const names = documentKeyNames(project, flags.name, flags.key);
  const keys = names.flatMap((name) => {
    const facts = keyFactsOf(sourceKey(project.source.components, name), now);
    return facts?.kid === undefined ? [] : [{ name, kid: facts.kid, thumbprint: facts.thumbprint }];
  });
  const cacheHours = cacheHoursOf(readRotations(project.folder).rotations, flags.name);
  return { keys, cacheHours, compromised: project.compromised, now };
}

function endpointText(page: TextLayout, { endpoint, orgs, checks }: EndpointReport): string {
  const lines = checks.map((each) => checkLine(page, each));
  return [styled(page, 'bold', endpoint), ...(orgs.length > 0 ? [`  read by ${orgs.join(', ')}`] : []), ...lines].join(
    '\n',
  );
}

/** A check as one line. */
export const checkLine = (page: TextLayout, check: EndpointCheck): string =>
  `  ${checkMark(page, check)}  ${check.name}: ${check.detail}`;

function checkMark(page: TextLayout, { ok, note }: EndpointCheck): string {
  if (!ok) return styled(page, 'red', 'FAILED');
  return note ? styled(page, 'yellow', 'note  ') : styled(page, 'green', 'passed');
}
