import { SignJWT } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { unzipSync } from 'fflate';
import { startLocalOrg, type LocalOrg, type LocalOrgOptions } from '../../local-org/index';
import { child, children, childText, parseXml, type XmlElement } from '../../local-org/metadata/xml';
import { packageOf, typesXml, type Files } from './package-zip';

const login = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The key pair for the logins of the tests. */
export const loginKey = login.publicKey;
export const privateLoginKey = login.privateKey;

/** Starts an org for one test, and closes it after the test. */
export async function startTestOrg(
  test: { after(done: () => Promise<void>): void },
  options: Partial<LocalOrgOptions> = {},
): Promise<Client> {
  const org = await startLocalOrg({ alias: 'dev', kind: 'sandbox', port: 0, loginKey, ...options });
  test.after(() => org.close());
  return new Client(org, await logIn(org));
}

/** Creates a signed assertion like the CLI. The parameters replace its claims. */
export function createAssertion(
  org: LocalOrg,
  claims: Record<string, unknown> = {},
  key = privateLoginKey,
): Promise<string> {
  const defaults = { iss: org.clientId, sub: org.username, aud: `${org.url}/`, exp: Date.now() + 300 };
  return new SignJWT({ ...defaults, ...claims }).setProtectedHeader({ alg: 'RS256' }).sign(key);
}

export function requestToken(org: LocalOrg, form: Record<string, string>): Promise<Response> {
  return fetch(`${org.url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
}

export async function logIn(org: LocalOrg): Promise<string> {
  const assertion = await createAssertion(org);
  const response = await requestToken(org, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  return ((await response.json()) as { access_token: string }).access_token;
}

export interface DeployLine {
  readonly type: string;
  readonly name: string;
  readonly problem: string | undefined;
  readonly problemType: string | undefined;
  readonly state: string;
  readonly line: string | undefined;
}

export interface DeployReport {
  readonly id: string;
  readonly status: string;
  readonly done: boolean;
  readonly failures: readonly DeployLine[];
  readonly successes: readonly DeployLine[];
}

/** Calls an org as jsforce does, without the code of jsforce. */
export class Client {
  readonly org: LocalOrg;
  readonly accessToken: string;

  constructor(org: LocalOrg, token: string) {
    this.org = org;
    this.accessToken = token;
  }

  rest(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.accessToken}`, ...init.headers };
    return fetch(this.org.url + path, { ...init, headers });
  }

  async query(soql: string, tooling = false): Promise<{ totalSize: number; records: Record<string, unknown>[] }> {
    const response = await this.rest(
      `/services/data/v67.0/${tooling ? 'tooling/' : ''}query?q=${encodeURIComponent(soql)}`,
    );
    const body = (await response.json()) as never;
    if (response.status !== 200) throw Object.assign(new Error('query failed'), { body });
    return body;
  }

  async soap(content: string, version = '67.0'): Promise<XmlElement> {
    const body =
      '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header ' +
      `xmlns="http://soap.sforce.com/2006/04/metadata"><SessionHeader><sessionId>${this.accessToken}</sessionId>` +
      '</SessionHeader></soapenv:Header><soapenv:Body xmlns="http://soap.sforce.com/2006/04/metadata">' +
      `${content}</soapenv:Body></soapenv:Envelope>`;
    const response = await fetch(`${this.org.url}/services/Soap/m/${version}`, { method: 'POST', body });
    const inside = child(parseXml(await response.text()), 'Body')?.children[0];
    if (!inside || response.status !== 200)
      throw new Error(childText(inside, 'faultstring') ?? String(response.status));
    return inside;
  }

  async submit(files: Files, options: Record<string, unknown> = {}, version = '67.0'): Promise<string> {
    const all = { rollbackOnError: true, ...options };
    const switches = Object.entries(all).map(([name, value]) => `<${name}>${String(value)}</${name}>`);
    return this.submitZip(packageOf(files, version), switches.join(''));
  }

  async submitZip(zip: Buffer, options = ''): Promise<string> {
    const content = `<deploy><ZipFile>${zip.toString('base64')}</ZipFile><DeployOptions>${options}</DeployOptions></deploy>`;
    return childText(child(await this.soap(content), 'result'), 'id') ?? '';
  }

  async status(id: string): Promise<DeployReport> {
    const content = `<checkDeployStatus><asyncProcessId>${id}</asyncProcessId><includeDetails>true</includeDetails></checkDeployStatus>`;
    return parseReport(child(await this.soap(content), 'result'));
  }

  async deploy(files: Files, options: Record<string, unknown> = {}, version = '67.0'): Promise<DeployReport> {
    return this.status(await this.submit(files, options, version));
  }

  async submitRetrieve(types: Readonly<Record<string, readonly string[]>>, version = '67.0'): Promise<string> {
    const listed = Object.entries(types)
      .map(([name, members]) => typesXml(name, members))
      .join('');
    const content = `<retrieve><request><apiVersion>67.0</apiVersion><unpackaged>${listed}<version>${version}</version></unpackaged></request></retrieve>`;
    return childText(child(await this.soap(content), 'result'), 'id') ?? '';
  }

  retrieveStatus(id: string): Promise<XmlElement> {
    return this.soap(`<checkRetrieveStatus><asyncProcessId>${id}</asyncProcessId></checkRetrieveStatus>`);
  }

  /** Returns the files (path -> content) and the problems. */
  async retrieve(types: Readonly<Record<string, readonly string[]>>, version = '67.0') {
    const result = child(await this.retrieveStatus(await this.submitRetrieve(types, version)), 'result');
    const zip = unzipSync(Buffer.from(childText(result, 'zipFile') ?? '', 'base64'));
    const files = Object.entries(zip).map(
      ([path, content]) => [path.replace('unpackaged/', ''), Buffer.from(content)] as const,
    );
    return {
      files: new Map(files),
      problems: children(result, 'messages').map((message) => childText(message, 'problem')),
    };
  }
}

function parseReport(result: XmlElement | undefined): DeployReport {
  const details = child(result, 'details');
  return {
    id: childText(result, 'id') ?? '',
    status: childText(result, 'status') ?? '',
    done: childText(result, 'done') === 'true',
    failures: children(details, 'componentFailures').map(parseLine),
    successes: children(details, 'componentSuccesses').map(parseLine),
  };
}

function parseLine(message: XmlElement): DeployLine {
  const is = (name: string) => childText(message, name) === 'true';
  return {
    type: childText(message, 'componentType') ?? '',
    name: childText(message, 'fullName') ?? '',
    problem: childText(message, 'problem'),
    problemType: childText(message, 'problemType'),
    state: is('deleted') ? 'deleted' : is('created') ? 'created' : is('changed') ? 'changed' : 'unchanged',
    line: childText(message, 'lineNumber'),
  };
}
