import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode } from '../../lib/errors';
import { isComponentType, SOURCE_FOLDERS, type ExperienceSite, type OrgKind } from '../../lib/model';
import { membersToJson, readXml } from '../../lib/metadata';
import {
  Sf,
  type CliWorkerPool,
  type DeployReport,
  type NewChatDeployment,
  type Row,
  type SessionHandler,
} from '../../lib/sf';
import { withAgent } from '../../local-org/jobs/agent-routing';
import { explainCliError } from '../../lib/sf/explain-error';
import { NO_RESPONSE } from '../../lib/sf/retry-policies';

/** The methods of `Sf` that the fake supports, with the error code that the real method gives an unrecognized error. */
const METHODS = {
  query: 'retrieve-failed',
  retrieve: 'retrieve-failed',
  deploy: 'deploy-failed',
  cancel: 'deploy-failed',
  report: 'deploy-unknown',
  setActive: 'activate-failed',
  setSessionHandler: 'routing-failed',
  publish: 'publish-failed',
  experienceSites: 'retrieve-failed',
  createChatDeployment: 'deploy-failed',
  updateChatDeployment: 'deploy-failed',
} as const satisfies Readonly<Record<string, ErrorCode>>;
export type FakeMethod = keyof typeof METHODS;

/** One call that reached a fake org. `detail` is the SOQL, the deployed paths, the job ID or the record ID. */
export interface FakeCall {
  readonly method: FakeMethod;
  readonly detail: string;
}

/** Runs instead of a call; `proceed` runs the call itself. */
export type Interceptor = (proceed: () => Promise<unknown>) => Promise<unknown>;

/** Errors of the CLI as it reports them; of each, lib/sf/retry-policies knows whether the org may have had the request. */
export const CLI_ERRORS = {
  unreachable: { name: 'Error', message: 'fetch failed: connect ECONNREFUSED' },
  connectionLost: { name: 'Error', message: 'fetch failed: read ECONNRESET' },
  loginRefused: { name: 'RefreshTokenAuthError', message: 'expired access/refresh token' },
  rejected: { name: 'sf:INSUFFICIENT_ACCESS', message: 'insufficient access rights' },
  busy: { name: 'ALREADY_IN_PROCESS', message: 'Another deployment is in progress.' },
  noAnswer: { name: NO_RESPONSE, message: 'No answer came within the timeout.' },
} as const;
export type CliErrorName = keyof typeof CLI_ERRORS;

export interface FakeOrgSetup {
  readonly orgId?: string;
  readonly kind?: OrgKind;
  /** Metadata files by package path, such as `queues/Chat.queue`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Developer names of the active channels. */
  readonly active?: readonly string[];
  /** Permission fields of UserPermissionAccess that the login lacks. */
  readonly missingPermissions?: readonly string[];
}

interface FakeJob {
  readonly report: DeployReport;
  /** Whether the org still works on the job. */
  running: boolean;
  readonly checkOnly: boolean;
  /** When the org received it, in milliseconds since 1970. */
  readonly createdAt: number;
}

const NO_DETAILS = { componentFailures: [], componentSuccesses: [] };
const PERMISSION_FIELDS = ['CustomizeApplication', 'ConfigureLiveMessage', 'ModifyMetadata', 'ViewSetup'].map(
  (name) => `Permissions${name}`,
);

/** One org in memory: its metadata files, channel records and deploy jobs, and every call that it received. */
export class FakeOrg {
  readonly alias: string;
  /** A test changes it, as if the login belonged to another org from then on. */
  orgId: string;
  readonly kind: OrgKind;
  readonly files: Map<string, string>;
  readonly active: Set<string>;
  readonly published: string[] = [];
  readonly calls: FakeCall[] = [];
  readonly jobs: FakeJob[] = [];
  missingPermissions: readonly string[];
  /** SessionHandlerId and FallbackQueueId of the channels that have them. */
  readonly handlers = new Map<string, Row>();
  /** Its Experience Cloud sites. */
  sites: readonly ExperienceSite[] = [];
  /** Names of the active users. */
  users: readonly string[] = [];
  /** Names of the active business hours. */
  businessHours: readonly string[] = ['Default'];
  /** Whether the org lets the login read DeployRequest. */
  listsJobs = true;
  /** The chats that customers started in a time: those of verified users, and all. */
  chats: (from: Date, to: Date) => { readonly verified: number; readonly total: number } = () => ({
    verified: 0,
    total: 0,
  });
  /** What the org stores of a deployed file, given the file before. */
  store: (text: string, before: string | undefined) => string = (text) => text;
  private readonly interceptors: { method: FakeMethod; detail: RegExp; interceptor: Interceptor }[] = [];
  private readonly rejections: DeployReport['details']['componentFailures'][] = [];

  constructor(alias: string, setup: FakeOrgSetup, number: number) {
    this.alias = alias;
    this.orgId = setup.orgId ?? `00D${String(number).padStart(12, '0')}EAA`;
    this.kind = setup.kind ?? 'sandbox';
    this.files = new Map(Object.entries(setup.files ?? {}));
    this.active = new Set(setup.active ?? []);
    this.missingPermissions = setup.missingPermissions ?? [];
  }

  /** Replaces the next call of a method that has no replacement yet, and whose detail matches. */
  intercept(method: FakeMethod, interceptor: Interceptor, detail = /(?:)/): void {
    this.interceptors.push({ method, detail, interceptor });
  }

  /** Lets the next call fail before it has an effect. */
  fail(method: FakeMethod, error: CliErrorName): void {
    this.intercept(method, () => Promise.reject(this.cliError(method, error)));
  }

  /** Lets the next call have its effect, and then fail as if the answer were lost. */
  loseAnswer(method: FakeMethod, error: CliErrorName = 'noAnswer'): void {
    this.intercept(method, async (proceed) => {
      await proceed();
      throw this.cliError(method, error);
    });
  }

  /** Lets the next deploy job fail as a whole. Salesforce applies nothing of a job that fails. */
  rejectDeploy(problem: string, componentType = '', fullName = ''): void {
    this.rejections.push([{ componentType, fullName, problem, lineNumber: undefined }]);
  }

  /** Adds a deploy job of somebody else that runs until the returned function is called. */
  startOtherJob(checkOnly = false): () => void {
    const report = this.jobReport(this.nextJobId(), NO_DETAILS);
    const job = { report, running: true, checkOnly, createdAt: Date.now() };
    this.jobs.push(job);
    return () => void (job.running = false);
  }

  /** Paths and job IDs of the calls of one method, in order. */
  detailsOf(method: FakeMethod): readonly string[] {
    return this.calls.flatMap((call) => (call.method === method ? [call.detail] : []));
  }

  /** Records a call and runs it, or the interceptor that waits for it. */
  async handle<T>(method: FakeMethod, detail: string, answer: () => T): Promise<T> {
    this.calls.push({ method, detail });
    const proceed = (): Promise<T> => Promise.resolve().then(answer);
    const index = this.interceptors.findIndex((each) => each.method === method && each.detail.test(detail));
    const [match] = index < 0 ? [] : this.interceptors.splice(index, 1);
    return (match ? match.interceptor(proceed) : proceed()) as Promise<T>;
  }

  cliError(method: FakeMethod, error: CliErrorName): Error {
    const what = `The call ${method} of "${this.alias}" failed.`;
    return explainCliError({ ...CLI_ERRORS[error], cause: '', data: null }, this.alias, METHODS[method], what);
  }

  /** Applies a package in one transaction, unless the job is to be rejected, and returns the job ID. */
  apply(files: ReadonlyMap<string, string>): string {
    const id = this.nextJobId();
    const before = new Map(this.files);
    const active = new Set(this.active);
    let failures = this.rejections.shift();
    if (!failures) {
      this.applyFiles(files);
      const used = this.deletedKeysetsInUse(files);
      if (used.length > 0) {
        failures = used;
        before.forEach((text, path) => this.files.set(path, text));
        active.forEach((name) => this.active.add(name));
      }
    }
    const deployed = [...membersOf(files.get('package.xml')), ...membersOf(files.get('destructiveChangesPost.xml'))];
    const successes = deployed.flatMap(([type, names]) => names.map((fullName) => ({ componentType: type, fullName })));
    const details = { componentFailures: failures ?? [], componentSuccesses: failures ? [] : successes };
    const report = this.jobReport(id, details, !failures);
    this.jobs.push({ report, running: false, checkOnly: false, createdAt: Date.now() });
    return id;
  }

  jobRows(): readonly Row[] {
    if (!this.listsJobs) throw this.cliError('query', 'rejected');
    return this.jobs.toReversed().map(({ report: { id, status }, running, checkOnly, createdAt }) => ({
      Id: id,
      Status: running ? 'InProgress' : status,
      CheckOnly: checkOnly,
      CreatedBy: { Name: 'Admin' },
      CreatedDate: new Date(createdAt).toISOString(),
    }));
  }

  private applyFiles(files: ReadonlyMap<string, string>): void {
    for (const [type, names] of membersOf(files.get('destructiveChangesPost.xml')))
      for (const name of names) this.deleteFile(pathOf(type, name));
    for (const [path, text] of files)
      if (path.includes('/')) this.files.set(path, this.store(text, this.files.get(path)));
  }

  /** Salesforce deletes no keyset that a channel refers to. */
  private deletedKeysetsInUse(files: ReadonlyMap<string, string>): DeployReport['details']['componentFailures'] {
    const names = new Map(membersOf(files.get('destructiveChangesPost.xml'))).get('PublicKeyCertificateSet') ?? [];
    const channels = [...this.files].filter(([path]) => path.startsWith('messagingChannels/')).map(([, text]) => text);
    return names
      .filter((name) => channels.some((text) => text.includes(`<publicKeyCertificateSetName>${name}<`)))
      .map((fullName) => ({
        componentType: 'PublicKeyCertificateSet',
        fullName,
        problem: 'This keyset is referenced elsewhere in salesforce.com. AuthorizationConfigId',
      }));
  }

  private deleteFile(path: string): void {
    this.files.delete(path);
    this.active.delete(nameOf(path));
  }

  private nextJobId = (): string => `0Af${String(this.jobs.length + 1).padStart(15, '0')}`;

  private jobReport(id: string, details: DeployReport['details'], success = true): DeployReport {
    const total = details.componentFailures.length + details.componentSuccesses.length;
    const status = success ? 'Succeeded' : 'Failed';
    const deployed = success ? total : 0;
    return {
      id,
      status,
      done: true,
      success,
      details,
      numberComponentsDeployed: deployed,
      numberComponentsTotal: total,
    };
  }
}

/**
 * An `Sf` without a CLI: the orgs are in memory and answer as Salesforce does through the real one. Deploy jobs are transactions that
 * end at once, a new channel is inactive, and errors are the ToolErrors that `Sf` makes of the CLI's.
 */
export class FakeSf extends Sf {
  readonly orgs: ReadonlyMap<string, FakeOrg>;

  constructor(setups: Readonly<Record<string, FakeOrgSetup>>) {
    super({ home: temporaryHome() } as CliWorkerPool, '67.0');
    this.orgs = new Map(
      Object.entries(setups).map(([alias, setup], index) => [alias, new FakeOrg(alias, setup, index + 1)]),
    );
  }

  org(alias: string): FakeOrg {
    const org = this.orgs.get(alias);
    if (!org) throw new Error(`The test has no org ${alias}.`);
    return org;
  }

  override loginOf(alias: string): ReturnType<Sf['loginOf']> {
    const { orgId } = this.org(alias);
    return Promise.resolve({ username: `admin@${alias}.example`, instanceUrl: 'https://127.0.0.1', orgId });
  }

  override query(alias: string, soql: string, tooling = false): Promise<readonly Row[]> {
    const org = this.org(alias);
    return org.handle('query', soql, () => rowsOf(org, soql, tooling));
  }

  override retrieve(alias: string, manifest: string): Promise<ReadonlyMap<string, Buffer>> {
    const org = this.org(alias);
    return org.handle('retrieve', manifest, () => {
      const paths = [...org.files.keys()].filter((path) => isRequested(path, membersOf(manifest)));
      const files = paths.map((path) => [path, Buffer.from(org.files.get(path) ?? '')] as const);
      return new Map([['package.xml', Buffer.from(manifest)], ...files]);
    });
  }

  override deploy(alias: string, files: ReadonlyMap<string, string>): Promise<string> {
    const org = this.org(alias);
    return org.handle('deploy', [...files.keys()].join(', '), () => org.apply(files));
  }

  /** Jobs of the fake end at once, so none can be canceled. */
  override cancel(alias: string, id: string): Promise<void> {
    const org = this.org(alias);
    return org.handle('cancel', id, () => {
      throw org.cliError('cancel', 'rejected');
    });
  }

  override report(alias: string, id: string): Promise<DeployReport> {
    const org = this.org(alias);
    return org.handle('report', id, () => {
      const job = org.jobs.find(({ report }) => report.id === id);
      if (!job) throw org.cliError('report', 'rejected');
      return job.report;
    });
  }

  override setActive(alias: string, recordId: string, active: boolean): Promise<void> {
    const org = this.org(alias);
    return org.handle('setActive', `${nameOfRecord(recordId)} ${String(active)}`, () => {
      if (active) org.active.add(nameOfRecord(recordId));
      else org.active.delete(nameOfRecord(recordId));
    });
  }

  override experienceSites(alias: string): Promise<readonly ExperienceSite[]> {
    const org = this.org(alias);
    return org.handle('experienceSites', '', () => org.sites);
  }

  override createChatDeployment(alias: string, deployment: NewChatDeployment): Promise<void> {
    const org = this.org(alias);
    return org.handle('createChatDeployment', JSON.stringify(deployment), () => {
      const path = deploymentPath(deployment.name);
      const free = org.files.has(path) ? deploymentPath(`${deployment.name}_1`) : path;
      org.files.set(free, newDeploymentXml(deployment, org.files.size));
    });
  }

  override updateChatDeployment(alias: string, recordId: string, metadata: object): Promise<void> {
    const org = this.org(alias);
    return org.handle('updateChatDeployment', JSON.stringify(metadata), () => {
      org.files.set(deploymentPath(nameOfRecord(recordId)), xmlOf(metadata));
    });
  }

  override setSessionHandler(alias: string, recordId: string, { handlerId, queueId }: SessionHandler): Promise<void> {
    const org = this.org(alias);
    const [channel, agent] = [nameOfRecord(recordId), nameOfRecord(handlerId)];
    const path = pathOf('MessagingChannel', channel);
    return org.handle('setSessionHandler', `${channel} ${agent} ${queueId ? nameOfRecord(queueId) : ''}`, () => {
      org.handlers.set(channel, { SessionHandlerId: handlerId, FallbackQueueId: queueId ?? null });
      org.files.set(path, withAgent(org.files.get(path) ?? '', agent));
    });
  }

  override publish(alias: string, deploymentId: string): Promise<void> {
    const org = this.org(alias);
    return org.handle('publish', nameOfRecord(deploymentId), () => void org.published.push(nameOfRecord(deploymentId)));
  }
}

/** The metadata of a chat deployment of type Web as the org makes it, with its own site and branding. */
const newDeploymentXml = (
  { masterLabel, clientVersion, messagingChannelId }: NewChatDeployment,
  number: number,
): string =>
  '<EmbeddedServiceConfig xmlns="http://soap.sforce.com/2006/04/metadata">' +
  `<branding>Branding_${number}</branding><clientVersion>${clientVersion}</clientVersion>` +
  '<deploymentType>Web</deploymentType><embeddedServiceMessagingChannel><isEnabled>true</isEnabled>' +
  `<messagingChannel>${nameOfRecord(messagingChannelId)}</messagingChannel></embeddedServiceMessagingChannel>` +
  `<masterLabel>${masterLabel}</masterLabel><site>ESW_${number}</site></EmbeddedServiceConfig>`;

const deploymentPath = (name: string): string => pathOf('EmbeddedServiceConfig', name);

/** Writes the fields of a Tooling API request as metadata. */
function xmlOf(metadata: object): string {
  const elements = (value: object): string =>
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([name, each]) => {
        const content = typeof each === 'object' ? elements(each as object) : String(each);
        return `<${name}>${content}</${name}>`;
      })
      .join('');
  return `<EmbeddedServiceConfig>${elements(metadata)}</EmbeddedServiceConfig>`;
}

/** A record ID that contains the developer name, so that calls are easy to read. */
const recordIdOf = (name: string): string => `id-of-${name}`;
const nameOfRecord = (id: string): string => id.replace('id-of-', '');

const nameOf = (path: string): string => path.slice(path.indexOf('/') + 1, path.lastIndexOf('.'));

function pathOf(type: string, name: string): string {
  if (!isComponentType(type)) throw new Error(`The fake org doesn't know the type ${type}.`);
  return `${SOURCE_FOLDERS[type].folder}/${name}.${SOURCE_FOLDERS[type].suffix}`;
}

/** The members of a package.xml by type. */
function membersOf(manifest = ''): readonly (readonly [type: string, names: readonly string[]])[] {
  return [...manifest.matchAll(/<types>([^]*?)<\/types>/g)].map(([, content = '']) => [
    /<name>(.*?)<\/name>/.exec(content)?.[1] ?? '',
    [...content.matchAll(/<members>(.*?)<\/members>/g)].map(([, name = '']) => name),
  ]);
}

/** The folders of other types that are retrieved completely. */
const OTHER_FOLDERS: Readonly<Record<string, string>> = {
  Certificate: 'certs',
  ExternalCredential: 'externalCredentials',
  NamedCredential: 'namedCredentials',
};

/** Whether a manifest names a file; a file of another type than ours is named by its name alone. */
function isRequested(path: string, members: ReturnType<typeof membersOf>): boolean {
  return members.some(([type, names]) => {
    if (names.includes('*') && path.startsWith(`${OTHER_FOLDERS[type] ?? ''}/`)) return true;
    if (!isComponentType(type)) return names.includes(nameOf(path).replace(/\.\w+-meta$/, ''));
    const isInFolder = path.startsWith(`${SOURCE_FOLDERS[type].folder}/`);
    return isInFolder && (names.includes('*') || names.includes(nameOf(path)));
  });
}

/** Objects of the Tooling API; the data API doesn't have them. */
const TOOLING_OBJECTS = ['EmbeddedServiceConfig', 'DeployRequest', 'ApexClass', 'ApexTrigger'];

/** The chats of each channel. The org has them on its first channel. */
function sessionCounts(org: FakeOrg, soql: string): readonly Row[] {
  const times = [...soql.matchAll(/CreatedDate (?:>=|<) (\S+?Z)/g)].map(([, at = '']) => new Date(at));
  const { verified, total } = org.chats(times[0] ?? new Date(0), times[1] ?? new Date(0));
  const chats = soql.includes("LIKE 'v2/iamessage/AUTH/%'") ? verified : total;
  const [channel] = recordRows(org, 'messagingChannels/');
  return channel && chats > 0 ? [{ MessagingChannelId: channel['Id'] ?? '', chats }] : [];
}

function rowsOf(org: FakeOrg, soql: string, tooling: boolean): readonly Row[] {
  const [, object = ''] = /FROM (\w+)/.exec(soql) ?? [];
  if (TOOLING_OBJECTS.includes(object) !== tooling)
    throw new Error(`The ${tooling ? 'Tooling' : 'data'} API of the fake org has no ${object}.`);
  const names = /DeveloperName IN \((.*)\)/
    .exec(soql)?.[1]
    ?.split(', ')
    .map((name) => name.slice(1, -1));
  const named = (rows: readonly Row[]): readonly Row[] =>
    rows.filter(({ DeveloperName: name }) => !names || names.includes(String(name)));
  switch (object) {
    case 'Organization':
      return [organizationRow(org)];
    case 'UserPermissionAccess':
      return [Object.fromEntries(PERMISSION_FIELDS.map((field) => [field, !org.missingPermissions.includes(field)]))];
    case 'MessagingChannel':
      return named(recordRows(org, 'messagingChannels/')).map((row) => ({
        ...row,
        SessionHandlerId: null,
        FallbackQueueId: null,
        ...org.handlers.get(String(row['DeveloperName'])),
      }));
    case 'MessagingSession':
      return sessionCounts(org, soql);
    case 'BotDefinition':
      return named(recordRows(org, 'bots/'));
    case 'EmbeddedServiceConfig':
      return named(recordRows(org, 'EmbeddedServiceConfig/'));
    case 'ApexClass':
      return apexRows(org, 'classes/');
    case 'ApexTrigger':
      return apexRows(org, 'triggers/');
    case 'Site':
      return recordRows(org, 'sites/').map(({ DeveloperName }) => ({ Name: DeveloperName }));
    case 'DeployRequest':
      return org.jobRows();
    case 'Group':
      return named(recordRows(org, 'queues/')).map((row) => ({ ...row, QueueRoutingConfigId: 'id-of-routing' }));
    case 'BusinessHours':
      return org.businessHours.map((Name) => ({ Name }));
    case 'User':
      return org.users.filter((name) => soql.includes(`'${name}'`)).map((Username) => ({ Username }));
    case 'BotVersion':
      return recordRows(org, 'bots/').map(({ DeveloperName }) => ({ BotDefinition: { DeveloperName } }));
    case 'QueueSobject':
      return recordRows(org, 'queues/').map(({ DeveloperName }) => ({ Queue: { DeveloperName } }));
    default:
      throw new Error(`The fake org has no answer to: ${soql}`);
  }
}

/** What Organization says of each kind of org; see lib/org/facts. */
const organizationRow = ({ orgId, alias, kind }: FakeOrg): Row => ({
  Id: orgId,
  Name: alias,
  IsSandbox: kind === 'sandbox' || kind === 'scratch',
  TrialExpirationDate: kind === 'scratch' ? '2027-01-01T00:00:00.000+0000' : null,
  OrganizationType: kind === 'developer' ? 'Developer Edition' : 'Enterprise Edition',
});

/** Apex as the Tooling API returns it. The code of a package is hidden. */
const apexRows = (org: FakeOrg, folder: string): readonly Row[] =>
  [...org.files]
    .filter(([path]) => path.startsWith(folder) && !path.endsWith('-meta.xml'))
    .map(([path, Body]) => {
      const [, NamespacePrefix = null, Name = nameOf(path)] = /^(\w+?)__(.+)$/.exec(nameOf(path)) ?? [];
      return { NamespacePrefix, Name, Body: NamespacePrefix === null ? Body : '(hidden)' };
    });

const recordRows = (org: FakeOrg, folder: string): readonly Row[] =>
  [...org.files.keys()]
    .filter((path) => path.startsWith(folder))
    .map((path) => ({
      Id: recordIdOf(nameOf(path)),
      DeveloperName: nameOf(path),
      IsActive: org.active.has(nameOf(path)),
      ...(folder.startsWith('EmbeddedServiceConfig') && { Metadata: metadataOf(org.files.get(path)) }),
    }));

function metadataOf(text = ''): object | null {
  const { root } = readXml(text);
  return root ? membersToJson(root, root.name) : null;
}

let homes: string | undefined;
let homeCount = 0;

/** A home for locks that is removed when the process ends. */
function temporaryHome(): string {
  if (homes === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'fake-sf-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    homes = folder;
  }
  return join(homes, String(++homeCount));
}
