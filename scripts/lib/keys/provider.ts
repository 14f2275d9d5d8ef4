import type { Context } from '../cli';
import { inspectEndpoint, type EndpointCheck, type ExpectedDocument } from '../endpoint';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { isEndpointKeyset, joinNames, leaf, npmRun, parent, withLeaf, type Component } from '../model';
import { serializeDocument } from '../report';
import { DEFAULT_CACHE_HOURS } from '../rotation';
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
  const expected = { keys: [], cacheHours: DEFAULT_CACHE_HOURS, compromised: project.compromised, now };
  const checks = await inspectKeys(metadata, expected, flags);
  const problems = [...providerProblems(metadata), ...checks.filter(({ ok }) => !ok).map(checkText)];
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
  if (isWritten) writeProvider(project, metadata, context).forEach((line) => print(line));
  const exitCode = problems.length === 0 ? EXIT.done : EXIT.failed;
  printJson(
    serializeDocument({ command: COMMAND, exitCode, findings: [], provider: metadata, checks, problems, warnings }),
  );
  return exitCode;
}

/** Reads the keys; a JWKS URL that isn't clean is never requested. */
const inspectKeys = async (
  { jwksUri }: ProviderMetadata,
  expected: ExpectedDocument,
  flags: ProviderFlags,
): Promise<readonly EndpointCheck[]> =>
  jwksUriProblems(jwksUri).length > 0 ? [] : inspectEndpoint(jwksUri, expected, flags);

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

/** Why Salesforce can't verify the tokens of a provider, as far as its discovery document says. */
function providerProblems(metadata: ProviderMetadata): readonly string[] {
  const { algorithms } = metadata;
  const isUsable = algorithms.length === 0 || algorithms.some((alg) => alg === 'RS256' || alg === 'RS512');
  return [
    ...metadataProblems(metadata),
    ...(isUsable
      ? []
      : [`The provider signs ID tokens with ${joinNames(algorithms, 'or')}. Salesforce accepts RS256 and RS512.`]),
  ];
}

/** Entra ID has such documents for v1 tokens, so a keyset can use them. */
function issuerWarnings(metadata: ProviderMetadata): readonly string[] {
  const requested = otherRequestedIssuer(metadata);
  if (requested === undefined) return [];
  return [
    `The issuer ${JSON.stringify(metadata.issuer)} differs from the URL of the discovery document, ${JSON.stringify(requested)}. Compare it with iss in a token of the provider.`,
  ];
}

/** Writes the keyset, or the overrides of the selected orgs, and returns what was done and what is next. */
function writeProvider(
  project: KeyProject,
  metadata: ProviderMetadata,
  { flags }: Context<ProviderFlags>,
): readonly string[] {
  const { keyset: name } = flags;
  const existing = project.source.components.get(`PublicKeyCertificateSet:${name}`);
  if (existing && !isEndpointKeyset(existing)) throw uploadedKeysetError(name);
  const hasOrgs = flags.org.length > 0 || flags.wave !== undefined || flags.all === true;
  const orgs = hasOrgs ? selectOrgs(project.orgs, flags) : [];
  const receiving = orgs.filter((org) => orgKeyset(org, name));
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
