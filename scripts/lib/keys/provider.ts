import type { Context } from '../cli';
import { inspectEndpoint, type EndpointCheck } from '../verification/endpoint';
import { EXIT, invalidFlagError, ToolError, type ExitCode } from '../errors';
import {
  isEndpointKeyset,
  joinNames,
  leaf,
  mapOf,
  npmRun,
  parent,
  withLeaf,
  type Component,
  type DesiredState,
} from '../model';
import { serializeDocument } from '../report';
import { cacheHoursOf, readRotations } from '../rotation';
import { check, isLocalOrg, isOnThisMachine, isPublicEndpointRule } from '../rules';
import { checkLine } from './check-endpoint';
import {
  discoverProvider,
  jwksUriProblems,
  metadataProblems,
  otherRequestedIssuer,
  type ProviderMetadata,
} from './discover-provider';
import type { ProviderFlags } from './flags';
import { orgKeyset, readKeyProject, selectOrgs, type KeyProject } from './keyset';
import { setJsonValue } from './rotation-edits';
import { assertDeveloperName, componentEdit, componentFilePath, labelOf, readText, writeEdits } from './source-files';

const COMMAND = 'keys provider';

/**
 * Reads the discovery document of an identity provider, and checks whether a keyset of type JWKS_URL can use it. With --write,
 * the keyset is written to source, or the override to the org files of --org. No org is contacted.
 */
export async function runProvider(context: Context<ProviderFlags>): Promise<ExitCode> {
  const { flags, layout, now, print, printJson } = context;
  assertDeveloperName(flags.keyset);
  const project = readKeyProject(flags.project);
  const metadata = await discoverProvider(flags.name, flags);
  const cacheHours = cacheHoursOf(readRotations(project.folder).rotations, flags.keyset);
  const expected = { keys: [], cacheHours, compromised: project.compromised, now };
  const documentProblems = providerProblems(project, metadata, context);
  // A URL that can't be used is never requested.
  const checks = documentProblems.length > 0 ? [] : await inspectEndpoint(metadata.jwksUri, expected, flags);
  const problems = [...documentProblems, ...checks.filter(({ ok }) => !ok).map(checkText)];
  const warnings = problems.length === 0 ? issuerWarnings(metadata) : [];
  print(
    [
      metadata.url,
      ...factLines(metadata),
      ...checks.map((each) => checkLine(layout, each)),
      ...warnings.map((text) => `Warning: ${text}`),
      '',
      verdict(problems),
      ...writeNote(flags.write, problems),
    ].join('\n'),
  );
  const isWritten = flags.write && problems.length === 0;
  if (isWritten) writeProvider(project, metadata, flags).forEach((line) => print(line));
  const exitCode = problems.length === 0 ? EXIT.done : EXIT.failed;
  printJson(
    serializeDocument({ command: COMMAND, exitCode, findings: [], provider: metadata, checks, problems, warnings }),
  );
  return exitCode;
}

const checkText = ({ name, detail }: EndpointCheck): string => `${name}: ${detail}`;

function factLines({ issuer, jwksUri, algorithms, pairwiseSubjects }: ProviderMetadata): readonly string[] {
  return [
    `  issuer    ${JSON.stringify(issuer)}${issuer.endsWith('/') ? ' (with the slash at the end)' : ''}`,
    `  JWKS URL  ${jwksUriProblems(jwksUri).length === 0 ? jwksUri : '(not shown)'}`,
    ...(algorithms.length > 0 ? [`  ID tokens signed with ${joinNames(algorithms, 'or')}`] : []),
    ...(pairwiseSubjects ? ['  sub can differ for each client: every site and app must use the same client.'] : []),
  ];
}

const verdict = (problems: readonly string[]): string =>
  problems.length === 0
    ? 'A keyset of type JWKS_URL works. It needs this issuer and this URL, and no certificate (x5c): only uploaded keys need one.'
    : `A keyset of type JWKS_URL doesn't work: ${problems.join(' ')}\nA token service can exchange the tokens: ${npmRun('token-server', '--help')}`;

function writeNote(isRequested: boolean, problems: readonly string[]): readonly string[] {
  if (problems.length > 0) return ['Nothing was written.'];
  return isRequested ? [] : ['Nothing was written. To write it, add --write.'];
}

/** Why Salesforce can't verify the tokens of a provider, or why `check` rejects its keyset, as far as its discovery document says. */
function providerProblems(
  project: KeyProject,
  metadata: ProviderMetadata,
  context: Context<ProviderFlags>,
): readonly string[] {
  const { algorithms } = metadata;
  const own = metadataProblems(metadata);
  const isUsable = algorithms.length === 0 || algorithms.some((alg) => alg === 'RS256' || alg === 'RS512');
  return [
    ...(own.length > 0 ? own : rejectedByCheck(project, metadata, context)),
    ...(isUsable
      ? []
      : [`The provider signs ID tokens with ${joinNames(algorithms, 'or')}. Salesforce accepts RS256 and RS512.`]),
  ];
}

/** The errors of `check` for a keyset of the provider. A JWKS URL on this machine is for local orgs only. */
function rejectedByCheck(
  { source: { apiVersion } }: KeyProject,
  metadata: ProviderMetadata,
  { flags, now }: Context<ProviderFlags>,
): readonly string[] {
  const keyset = keysetComponent(undefined, flags.keyset, metadata);
  const isLocal = flags.allowLoopback && isOnThisMachine(metadata.jwksUri);
  return check({ source: mapOf([keyset]), orgs: [], apiVersion, now })
    .filter(({ rule, severity }) => severity === 'error' && !(isLocal && isPublicEndpointRule(rule)))
    .map(({ message }) => message);
}

/** The length of a text field of Salesforce. */
const TEXT_FIELD_LENGTH = 255;

/** Entra ID has documents with another issuer for v1 tokens, so a keyset can use them. */
function issuerWarnings(metadata: ProviderMetadata): readonly string[] {
  const { issuer } = metadata;
  const requested = otherRequestedIssuer(metadata);
  return [
    ...(requested === undefined
      ? []
      : [
          `The issuer ${JSON.stringify(issuer)} differs from the URL of the discovery document, ${JSON.stringify(requested)}. Compare it with iss in a token of the provider.`,
        ]),
    ...(issuer.length > TEXT_FIELD_LENGTH
      ? [
          `The issuer has ${issuer.length} characters. Salesforce documents no limit for jwtIssuer, and its text fields have ${TEXT_FIELD_LENGTH}: deploy the keyset to a sandbox first.`,
        ]
      : []),
  ];
}

/** Writes the keyset, or the overrides of the selected orgs, and returns what was done and what is next. */
export function writeProvider(
  project: KeyProject,
  metadata: ProviderMetadata,
  flags: Context<ProviderFlags>['flags'],
): readonly string[] {
  const { keyset: name } = flags;
  const existing = project.source.components.get(`PublicKeyCertificateSet:${name}`);
  if (existing && !isEndpointKeyset(existing)) throw uploadedKeysetError(name);
  const hasOrgs = flags.org.length > 0 || flags.wave !== undefined || flags.all === true;
  const orgs = hasOrgs ? selectOrgs(project.orgs, flags) : [];
  const receiving = orgs.filter((org) => orgKeyset(org, name));
  if (isOnThisMachine(metadata.jwksUri)) assertForLocalOrgs(existing, receiving);
  const edits = new Map<string, string | null>(
    receiving.map(({ org }) => [org.file, overrideText(project.folder, org.file, name, metadata)]),
  );
  if (!existing || !hasOrgs) {
    const file = componentFilePath(project.folder, project.source.components, 'PublicKeyCertificateSet', name);
    for (const [path, text] of componentEdit(file, keysetComponent(existing, name, metadata))) edits.set(path, text);
  }
  writeEdits(project.folder, edits);
  const missing = orgs.filter((org) => !receiving.includes(org)).map(({ org }) => org.alias);
  return [
    ...[...edits.keys()].map((file) => `Written: ${file}`),
    ...missing.map((alias) => notReceivedText(alias, name)),
    ...nextSteps(name),
  ];
}

/** `check` accepts a JWKS URL on this machine only in the org file of a local org. */
function assertForLocalOrgs(existing: Component | undefined, receiving: readonly DesiredState[]): void {
  const others = receiving.filter(({ org }) => !isLocalOrg(org)).map(({ org }) => org.alias);
  if (existing && receiving.length > 0 && others.length === 0) return;
  throw invalidFlagError(
    'The JWKS URL is on this machine. Nothing was written.',
    others.length > 0
      ? `Only a local org can read it, and the org file has no scrt2URL on this machine: ${joinNames(others)}.`
      : 'Only a local org can read it, so it belongs in the org file of one, and not in source.',
    'Use the public URL of the provider. For a local org, add its URL as scrt2URL to its org file, and specify --org and a keyset that it receives.',
  );
}

const notReceivedText = (alias: string, name: string): string =>
  `${alias} doesn't receive the keyset ${name}, so its org file was not changed. List the keyset in messagingAuthorizations of its channels, then run the command again.`;

const nextSteps = (name: string): readonly string[] => [
  `Next: ${npmRun('check')}, then ${npmRun('keys', 'check-endpoint', name)}`,
];

function overrideText(folder: string, file: string, name: string, { issuer, jwksUri }: ProviderMetadata): string {
  const path = ['overrides', 'PublicKeyCertificateSet', name];
  const withIssuer = setJsonValue(readText(folder, file), [...path, 'jwtIssuer'], issuer);
  return setJsonValue(withIssuer, [...path, 'jwksEndPoint'], jwksUri);
}

function keysetComponent(
  existing: Component | undefined,
  fullName: string,
  { issuer, jwksUri }: ProviderMetadata,
): Component {
  if (existing)
    return { ...existing, root: withLeaf(withLeaf(existing.root, 'jwksEndPoint', jwksUri), 'jwtIssuer', issuer) };
  const children = [
    leaf('jwksEndPoint', jwksUri),
    leaf('jwtIssuer', issuer),
    leaf('masterLabel', labelOf(fullName).slice(0, 80)),
    leaf('type', 'JWKS_URL'),
  ];
  return { type: 'PublicKeyCertificateSet', fullName, root: parent('PublicKeyCertificateSet', children) };
}

const uploadedKeysetError = (name: string): ToolError =>
  new ToolError(
    'already-exists',
    {
      what: `The keyset ${name} has uploaded keys. Nothing was written.`,
      why: 'A keyset has either uploaded keys (type JWKS) or a JWKS endpoint (type JWKS_URL).',
      fix: 'Specify another name: --keyset NAME.',
    },
    { exit: EXIT.invalid },
  );
