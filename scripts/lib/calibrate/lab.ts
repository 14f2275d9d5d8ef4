import { setTimeout as pause } from 'node:timers/promises';
import { readPublicConfig, exchangeToken, type ChatApiClient } from '../chat-api';
import { EXIT, ToolError } from '../errors';
import { writeManifest, writePackage } from '../metadata';
import { keyOf, mapOf, type Component, type OrgConfig } from '../model';
import { assertOrgId, pollDeploy, readChannels, readRecordIds } from '../org';
import type { DeployReport, Sf } from '../sf';
import { numberClaim, readToken } from '../token';
import type { TokenRequests, TokenResponse } from '../verification/token-requests';
import { isRejection } from '../verification/token-requests';
import {
  channelComponent,
  chatDeploymentComponent,
  keyComponent,
  keysetComponent,
  queueComponent,
  routingComponent,
  type KeysetParts,
} from './components';
import type { Endpoint } from './endpoint';
import type { TestKey } from './keys';
import { named } from './prefix';
import type { CreationRecord } from './record';
import { signParts, type Part } from './tokens';

/** Time, so that tests don't wait. Both are in milliseconds. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export const SYSTEM_CLOCK: Clock = { now: () => Date.now(), sleep: (milliseconds) => pause(milliseconds) };

export interface LabOptions {
  readonly sf: Sf;
  readonly org: Pick<OrgConfig, 'alias' | 'orgId' | 'kind' | 'file'>;
  readonly apiVersion: string;
  /** Origin of the org's My Domain. */
  readonly instanceUrl: string;
  /** Origin of the Enhanced Chat API. */
  readonly chatApiUrl: string;
  readonly requests: TokenRequests;
  readonly record: CreationRecord;
  /** A key that the org gets, and one that it never gets. */
  readonly keys: { readonly trusted: TestKey; readonly untrusted: TestKey };
  readonly clock: Clock;
  /** Receives a line before each step that takes long. */
  readonly log: (line: string) => void;
  readonly endpoint?: Endpoint;
  /** Names of the documents of the endpoint that get a verifier. */
  readonly documents?: readonly string[];
  /** Developer name of an active Agentforce Service Agent. */
  readonly agent?: string;
  /** Alias of a login to the same org whose user lacks Configure Messaging. */
  readonly limitedUser?: string;
}

/** Why an experiment has no answer, as a sentence. */
export class Inconclusive extends Error {}

/** The result of one deploy job. */
export interface DeployOutcome {
  readonly deployed: boolean;
  /** In the order in which the org reports them. */
  readonly problems: readonly { readonly component: string; readonly text: string }[];
}

/** A keyset, the channel that uses it, and a chat deployment of type API. */
export interface Verifier {
  readonly chatDeployment: string;
  readonly issuer: string;
  /** Configuration Name. */
  readonly identifier: string;
}

/** The result of a token request. `unverified`: an access token for a subject without the Configuration Name. */
export type Verdict = 'verified' | 'unverified' | 'rejected';

/** How long to wait until a published chat deployment is served, and between two attempts. */
const PUBLISH_TIMEOUT_MS = 20 * 60_000;
const PUBLISH_INTERVAL_MS = 5_000;

/** How often a new key is tried, and how long to wait in between. */
const CONTROL_ATTEMPTS = 10;
const CONTROL_INTERVAL_MS = 30_000;

const ISSUER = 'https://calibrate.example.com';

/**
 * The org in which experiments run: it deploys components named `Calibrate_*`, and requests access tokens. It records the name of
 * each component before it creates it. It opens no conversation.
 */
export class Lab {
  readonly options: LabOptions;
  #shared: Promise<Verifier> | undefined;
  #endpoints: Promise<ReadonlyMap<string, Verifier>> | undefined;
  /** Milliseconds that the clock of the org is ahead of this one. */
  #clockOffset = 0;
  /** The audience that the org requires; undefined if a token without one is accepted. */
  audience: string | undefined;
  /** Milliseconds from the last publication of a new verifier until its settings were served. */
  publishDelay = 0;
  /** The keys of the shared keyset, without the prefix. */
  #sharedKeys: readonly string[] = ['Key'];

  constructor(options: LabOptions) {
    this.options = options;
  }

  get alias(): string {
    return this.options.org.alias;
  }

  get trusted(): TestKey {
    return this.options.keys.trusted;
  }

  /** The time of the org in seconds since 1970. */
  now(): number {
    return Math.floor((this.options.clock.now() + this.#clockOffset) / 1000);
  }

  sleep(milliseconds: number): Promise<void> {
    return this.options.clock.sleep(milliseconds);
  }

  /**
   * Deploys components in one job, and waits for its result. A rejected job changes nothing. Throws `Inconclusive` for a job that
   * failed without a reason that concerns its components.
   */
  async deploy(...components: readonly Component[]): Promise<DeployOutcome> {
    const [submit] = await this.prepare(components);
    return conclusive(outcomeOf(await this.finish((await submit?.()) ?? '')));
  }

  /**
   * Prepares deploy jobs, and returns the functions that submit them. Nothing takes time between two submissions. Each returns the
   * ID of its job.
   */
  async prepare(...packages: readonly (readonly Component[])[]): Promise<readonly (() => Promise<string>)[]> {
    const { sf, org, apiVersion, record, log } = this.options;
    const names = packages.flat().map(keyOf);
    await assertOrgId(sf, org);
    log(`Deploying ${names.join(', ')} ...`);
    record.add(names);
    return packages.map((components) => () => sf.deploy(this.alias, writePackage(mapOf(components), apiVersion)));
  }

  finish(id: string): Promise<DeployReport> {
    return pollDeploy(this.options.sf, this.alias, id);
  }

  /** Whether a deploy job was submitted before another one, submitted earlier, was done. Both are done now. */
  async overlapped(first: string, second: string): Promise<boolean> {
    const soql = 'SELECT Id, CreatedDate, CompletedDate FROM DeployRequest ORDER BY CreatedDate DESC LIMIT 50';
    const rows = await this.options.sf.query(this.alias, soql, true);
    const timeOf = (id: string, field: string): number =>
      Date.parse(String(rows.find((row) => String(row['Id']).startsWith(id.slice(0, 15)))?.[field]));
    return timeOf(second, 'CreatedDate') <= timeOf(first, 'CompletedDate');
  }

  /** Deploys components that an experiment needs. Throws `Inconclusive` if the org rejects them. */
  async require(...components: readonly Component[]): Promise<void> {
    const { deployed, problems } = await this.deploy(...components);
    if (!deployed)
      throw new Inconclusive(
        `The org rejected a component that the experiment needs: ${problems[0]?.text ?? 'no reason'}`,
      );
  }

  /** The files of components, by path. Names that the org doesn't have are left out. `alias`: another login to the org. */
  async retrieve(
    members: Readonly<Record<string, readonly string[]>>,
    alias = this.alias,
  ): Promise<ReadonlyMap<string, string>> {
    const manifest = writeManifest(new Map(Object.entries(members)), this.options.apiVersion);
    const files = await this.options.sf.retrieve(alias, manifest);
    return new Map([...files].map(([path, content]) => [path, content.toString('utf8')]));
  }

  /** Deletes components in one job. */
  async delete(...components: readonly Component[]): Promise<DeployOutcome> {
    const { sf, org, apiVersion } = this.options;
    await assertOrgId(sf, org);
    const id = await sf.deploy(this.alias, writePackage(new Map(), apiVersion, components.map(keyOf)));
    return conclusive(outcomeOf(await this.finish(id)));
  }

  /** Activates channels. Names are without the prefix. */
  async activate(...channels: readonly string[]): Promise<void> {
    const records = await readChannels(this.options.sf, this.alias);
    for (const name of channels) {
      const id = records.get(named(name))?.id;
      if (id === undefined) throw new Inconclusive(`The org doesn't list the new channel ${named(name)}.`);
      await this.options.sf.setActive(this.alias, id, true);
    }
  }

  /** Publishes a chat deployment once. Throws the error of the org. */
  async publish(chatDeployment: string): Promise<void> {
    const names = [named(chatDeployment)];
    const [id = ''] = await readRecordIds(this.options.sf, this.alias, 'EmbeddedServiceConfig', names);
    await this.options.sf.publish(this.alias, id);
  }

  /** The shared verifier: one uploaded key in one keyset. The first call creates it. */
  verifier(): Promise<Verifier> {
    return (this.#shared ??= this.#createShared());
  }

  async #createShared(): Promise<Verifier> {
    await this.require(routingComponent, queueComponent('Queue', false), keyComponent('Key', this.trusted.jwk));
    const verifier = await this.createVerifier('Shared', { issuer: ISSUER, keys: ['Key'] });
    await this.#assertReference(verifier);
    return verifier;
  }

  /** A verifier for each document of the endpoint, by name. The first call creates them. */
  endpointVerifiers(): Promise<ReadonlyMap<string, Verifier>> {
    return (this.#endpoints ??= this.#createEndpoints());
  }

  async #createEndpoints(): Promise<ReadonlyMap<string, Verifier>> {
    await this.verifier();
    const { endpoint, documents = [] } = this.options;
    const keysets = documents.map((name): readonly [string, KeysetParts] => [
      name,
      { issuer: `${ISSUER}/${name}`, ...(endpoint && { endpoint: endpoint.urlOf(name) }) },
    ]);
    await this.createVerifiers(keysets);
    return new Map(keysets.map(([name, keyset]) => [name, verifierOf(name, keyset)]));
  }

  /** Creates a keyset, a channel, and a chat deployment of a name. It is ready for token requests when this returns. */
  async createVerifier(name: string, keyset: KeysetParts): Promise<Verifier> {
    await this.createVerifiers([[name, keyset]]);
    return verifierOf(name, keyset);
  }

  /** Creates verifiers by name, with one deploy, because each publication can take minutes. */
  async createVerifiers(keysets: readonly (readonly [name: string, keyset: KeysetParts])[]): Promise<void> {
    await this.require(...keysets.flatMap(([name, keyset]) => verifierComponents(name, keyset)));
    await this.activate(...keysets.map(([name]) => name));
    const publishedAt = this.options.clock.now();
    for (const [name] of keysets) await this.publish(name);
    for (const [name] of keysets) await this.waitUntilServed(name);
    this.publishDelay = this.options.clock.now() - publishedAt;
  }

  /**
   * Adds a key, which the org has already, to the shared keyset, together with a control key. Returns when tokens of the control
   * key are accepted: until then, a rejection says nothing about the key.
   */
  async trust(name: string): Promise<Verifier> {
    const verifier = await this.verifier();
    const control = `Control_${name}`;
    const kid = `calibrate-control-${name}`;
    this.#sharedKeys = [...this.#sharedKeys, name, control];
    await this.require(
      keyComponent(control, { ...this.trusted.jwk, kid }),
      keysetComponent('Shared', { issuer: verifier.issuer, keys: this.#sharedKeys }),
    );
    for (let attempt = 0; attempt < CONTROL_ATTEMPTS; attempt++) {
      if (await this.accepts(verifier, this.token(verifier, {}, { kid }))) return verifier;
      await this.sleep(CONTROL_INTERVAL_MS);
    }
    throw new Inconclusive('The org accepts no token of a key that was added to the keyset 5 minutes ago.');
  }

  /** Waits until the public settings of a chat deployment are served with user verification on. */
  async waitUntilServed(chatDeployment: string, timeout = PUBLISH_TIMEOUT_MS): Promise<void> {
    const end = this.options.clock.now() + timeout;
    for (;;) {
      const config = await readPublicConfig(this.#clientFor(named(chatDeployment)));
      const { authMode, problem } = config;
      if (authMode === 'Auth') return;
      if ('state' in config && config.state === 'unreachable') throw unreachableError(this.alias, problem ?? '');
      if (this.options.clock.now() >= end)
        throw new Inconclusive(
          `The published settings aren't served after ${Math.round(timeout / 60_000)} minutes. ${problem ?? ''}`.trim(),
        );
      this.options.log(`Waiting until the published settings of ${named(chatDeployment)} are served ...`);
      await this.sleep(PUBLISH_INTERVAL_MS);
    }
  }

  #clientFor(chatDeployment: string): ChatApiClient {
    const { chatApiUrl, org } = this.options;
    return { chatApiUrl, orgId: org.orgId, chatDeployment, version: 2 };
  }

  /** Throws `Inconclusive` unless a valid token is accepted: a rejection of another token would prove nothing. */
  async #assertReference(verifier: Verifier): Promise<void> {
    const sentAt = this.options.clock.now();
    const response = await this.send(verifier, this.token(verifier));
    if (verdictOf(response, verifier) === 'verified') return this.#setClock(response, sentAt);
    this.audience = this.options.instanceUrl;
    const second = await this.send(verifier, this.token(verifier));
    if (verdictOf(second, verifier) === 'verified') return this.#setClock(second, sentAt);
    throw new Inconclusive(
      `The org doesn't accept a valid token, so the results of other tokens have no meaning: ${describe(response)}`,
    );
  }

  /** The time of issue of an access token is the time of the org. */
  #setClock(response: TokenResponse, sentAt: number): void {
    const claims = response.kind === 'granted' ? readToken(response.accessToken).token?.claims : undefined;
    const issuedAt = claims && numberClaim(claims, 'iat');
    const offset = issuedAt === undefined ? 0 : issuedAt * 1000 - sentAt;
    // An access token has the time in whole seconds.
    if (Math.abs(offset) > 2_000) this.#clockOffset = offset;
  }

  /** The claims of a valid token with changes. A claim that is undefined is left out. */
  claims({ issuer }: Verifier, changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
    const now = this.now();
    const audience = this.audience === undefined ? {} : { aud: this.audience };
    return { iss: issuer, sub: 'calibrate', iat: now, exp: now + 300, ...audience, ...changes };
  }

  /** A valid token with changes of its claims and header. */
  token(
    verifier: Verifier,
    changes: Readonly<Record<string, unknown>> = {},
    header: Readonly<Record<string, unknown>> = {},
  ): string {
    const { kid, privateKey } = this.trusted;
    return signParts({ alg: 'RS256', kid, typ: 'JWT', ...header }, this.claims(verifier, changes), privateKey);
  }

  /** A token of any header and claims. Default: signed with the trusted key. */
  tokenOf(header: Part, claims: Part, key = this.trusted.privateKey): string {
    return signParts(header, claims, key);
  }

  send({ chatDeployment }: Verifier, token: string): Promise<TokenResponse> {
    const client = this.#clientFor(chatDeployment);
    return this.options.requests.send(client, () => exchangeToken(client, token));
  }

  /** Sends a token. Throws `Inconclusive` if the response is neither a grant nor a rejection. */
  async verdictFor(verifier: Verifier, token: string): Promise<Verdict> {
    return verdictOf(await this.send(verifier, token), verifier);
  }

  async accepts(verifier: Verifier, token: string): Promise<boolean> {
    return (await this.verdictFor(verifier, token)) === 'verified';
  }
}

const verifierOf = (name: string, { issuer = '' }: KeysetParts): Verifier => ({
  chatDeployment: named(name),
  issuer,
  identifier: named(name),
});

const verifierComponents = (name: string, keyset: KeysetParts): readonly Component[] => [
  keysetComponent(name, keyset),
  channelComponent(name, { authorizations: [[named(name), name]] }),
  chatDeploymentComponent(name, { channel: name }),
];

const ROW_LOCK = /UNABLE_TO_LOCK_ROW|unable to obtain exclusive access/i;

/** A failed job answers a question only if the org names a problem of a component, and no row lock. */
function conclusive(outcome: DeployOutcome): DeployOutcome {
  const { deployed, problems } = outcome;
  const reasons = problems.filter(({ component, text }) => component !== '' && !ROW_LOCK.test(text));
  if (deployed || reasons.length > 0) return outcome;
  throw new Inconclusive(`A deploy job failed for another reason: ${problems[0]?.text ?? 'the org gave none'}`);
}

const unreachableError = (alias: string, why: string): ToolError =>
  new ToolError(
    'chat-api-unreachable',
    {
      what: `The Enhanced Chat API of "${alias}" didn't respond.`,
      why,
      fix: 'Check scrt2URL in the org file, the proxy, and status.salesforce.com, then run the command again.',
    },
    { exit: EXIT.unreachable },
  );

/** The verdict of a response. Throws `Inconclusive` if it is neither a grant nor a rejection. */
export function verdictOf(response: TokenResponse, { identifier }: Verifier): Verdict {
  if (response.kind === 'granted') return response.subject.includes(`/AUTH/${identifier}/`) ? 'verified' : 'unverified';
  if (isRejection(response)) return 'rejected';
  throw new Inconclusive(describe(response));
}

/** A response in one sentence without IDs. */
export function describe(response: TokenResponse): string {
  if (response.kind === 'granted') return 'The org issued an access token.';
  if (response.kind === 'unexpected') return response.reason;
  return `The org responded with ${response.status}${response.message === '' ? '' : `: ${response.message}`}.`;
}

export function outcomeOf({ success, status, details, errorMessage }: DeployReport): DeployOutcome {
  const problems = details.componentFailures.map(({ fullName, problem }) => ({ component: fullName, text: problem }));
  const jobProblems = errorMessage === undefined || problems.length > 0 ? [] : [{ component: '', text: errorMessage }];
  return { deployed: success && status === 'Succeeded', problems: [...problems, ...jobProblems] };
}
