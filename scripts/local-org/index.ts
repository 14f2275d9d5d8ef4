import { handleRequest } from './endpoints';
import { parseFaults } from './faults';
import { listen } from './http/server';
import { completeReadyDeploys } from './jobs/deploy';
import type { LocalOrg, LocalOrgOptions } from './options';
import { createOrg, logEvent, NO_TEST_RESULTS, undocumentedBehavior, type Org } from './org/org';
import { SourceTracking } from './org/source-tracking';
import { loadOrg, saveOrg } from './org/state-file';
import { publish } from './chat-api/publish';
import { advanceTraffic } from './chat-api/traffic';
import { Traffic } from './org/traffic';
import { parseTraffic } from './traffic-settings';

export { parseFaults } from './faults';
export { QUESTIONS } from './answers';
export type { AnswersByQuestion } from './assumptions';
export { orgIdOf } from './identifiers';
export { parseLatency } from './latency';
export { parseChatApiSettings, type ChatApiSettings } from './chat-api-settings';
export { parseTraffic, type TrafficSettings } from './traffic-settings';
export { parseWebDeploymentSettings, type WebDeploymentSettings } from './web-deployment-settings';
export type {
  AgentRouting,
  Latency,
  LocalOrg,
  LocalOrgOptions,
  OmittedItems,
  OrgEvent,
  OrgKind,
  SeedFile,
} from './options';

/**
 * Starts a local org on 127.0.0.1: an emulator of the Salesforce APIs that this project uses, for sf, jsforce, and curl.
 * @example
 * const org = await startLocalOrg({ alias: 'dev', kind: 'sandbox', port: 0, loginKey: publicKeyPem });
 * // sf org login jwt --username org.username --client-id org.clientId --instance-url org.url --jwt-key-file private.key
 */
export async function startLocalOrg(options: LocalOrgOptions): Promise<LocalOrg> {
  const org = createOrg(options);
  const { stateFile } = options;
  const loaded = stateFile !== undefined && loadOrg(org, stateFile);
  if (!loaded) seed(org, options);
  org.tracking = trackedChanges(org, options);
  if (stateFile) org.save = () => saveOrg(org, stateFile);
  const listener = await listen(options.port, (request) => handleRequest(org, request));
  org.stopListening = (milliseconds) => listener.stopListening(milliseconds);
  org.url = `http://127.0.0.1:${listener.port}`;
  if (!loaded) org.save();
  return createFacade(org, options, listener.port, async () => {
    org.closing.abort();
    await listener.close();
  });
}

/** Production orgs have no source tracking. (Salesforce DX Developer Guide) */
function trackedChanges(org: Org, { sourceTracking = false }: LocalOrgOptions): SourceTracking | undefined {
  if (!sourceTracking || org.kind === 'production') return undefined;
  return org.tracking ?? new SourceTracking(org.metadata.components);
}

function seed(org: Org, { seed: files = [] }: LocalOrgOptions): void {
  const contents = new Map(files.map(({ path, content }) => [path, Buffer.from(content, 'utf8')]));
  org.metadata.apply(contents, [], org.now());
  for (const { path, active, published } of files) {
    const component = org.metadata.components.find((candidate) => candidate.files.has(path));
    if (component && active !== undefined) component.record.active = active;
    if (component && published) publish(org, component);
  }
}

function createFacade(org: Org, options: LocalOrgOptions, port: number, close: () => Promise<void>): LocalOrg {
  const { alias, kind, orgId, url, username, clientId, log } = org;
  return {
    alias,
    kind,
    orgId,
    url,
    port,
    username,
    clientId,
    log,
    refreshToken: org.sessions.refreshToken,
    files: () => fileTexts(org),
    edit: (path, change) => edit(org, path, change),
    setApexTests: (results) => void (org.apexTests = { ...NO_TEST_RESULTS, ...results }),
    setChatApi: (settings) => void (org.chatApi = { ...org.chatApi, ...settings }),
    setPublished: (name, published) => setPublished(org, name, published),
    setTraffic: (spec) => setTraffic(org, spec),
    setAnswers: (answers) => void Object.assign(org, undocumentedBehavior(options, answers)),
    setFaults: (faults) => org.faults.replace(faults === '' ? [] : parseFaults(faults, alias)),
    close,
  };
}

function fileTexts(org: Org): ReadonlyMap<string, string> {
  completeReadyDeploys(org);
  return new Map([...org.metadata.files].map(([path, content]) => [path, content.toString('utf8')]));
}

function setPublished(org: Org, name: string, published: boolean): void {
  advanceTraffic(org);
  const component = org.metadata.find('EmbeddedServiceConfig', name);
  if (!component) throw new Error(`The local org "${org.alias}" has no chat deployment ${name}.`);
  if (published) publish(org, component);
  else delete component.record.published;
  org.save();
}

function setTraffic(org: Org, spec: string): void {
  advanceTraffic(org);
  const settings = parseTraffic(spec);
  if (org.traffic) org.traffic.replace(settings, org.now());
  else org.traffic = new Traffic(org.orgId, settings, org.now());
}

function edit(org: Org, path: string, change: (content: string) => string): void {
  advanceTraffic(org);
  completeReadyDeploys(org);
  const content = org.metadata.files.get(path);
  if (!content) throw new Error(`The local org "${org.alias}" has no file ${path}.`);
  org.metadata.apply(new Map([[path, Buffer.from(change(content.toString('utf8')), 'utf8')]]), [], org.now());
  logEvent(org, 'edit', { path });
  org.save();
}
