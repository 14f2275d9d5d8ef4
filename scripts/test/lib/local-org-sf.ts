import { EXIT, ToolError } from '../../lib/errors';
import { Sf, type CliWorkerPool, type Row } from '../../lib/sf';
import { Client, logIn } from '../local-org/client';
import type { LocalOrg } from '../../local-org/index';

/** The folders of the types that every read retrieves. */
const FOLDERS = ['messagingChannels/', 'PublicKeyCertificate/', 'PublicKeyCertificateSet/', 'EmbeddedServiceConfig/'];

/** Reads local orgs in this process, without the CLI. It can't write. */
export class LocalOrgSf extends Sf {
  private readonly clients: ReadonlyMap<string, Client>;

  constructor(clients: ReadonlyMap<string, Client>) {
    super({ home: '' } as CliWorkerPool, '67.0');
    this.clients = clients;
  }

  client(alias: string): Client {
    const client = this.clients.get(alias);
    if (!client) throw new Error(`There is no local org ${alias}.`);
    return client;
  }

  /** An org that doesn't answer is unreachable, as with the CLI. */
  override query(alias: string, soql: string, tooling = false): Promise<readonly Row[]> {
    return this.client(alias)
      .query(soql, tooling)
      .then(
        ({ records }) => records,
        () => {
          const text = { what: `The org "${alias}" is unreachable.`, why: 'It does not respond.', fix: 'Wait.' };
          throw new ToolError('org-unreachable', text, { exit: EXIT.unreachable });
        },
      );
  }

  override retrieve(alias: string): Promise<ReadonlyMap<string, Buffer>> {
    const files = [...this.client(alias).org.files()].filter(([path]) => FOLDERS.some((each) => path.startsWith(each)));
    return Promise.resolve(new Map(files.map(([path, text]) => [path, Buffer.from(text)])));
  }

  override loginOf(alias: string): ReturnType<Sf['loginOf']> {
    const { url, username, orgId } = this.client(alias).org;
    return Promise.resolve({ instanceUrl: url, username, orgId } as unknown as Awaited<ReturnType<Sf['loginOf']>>);
  }
}

/** Logs in to local orgs. */
export async function localOrgSf(orgs: readonly LocalOrg[]): Promise<LocalOrgSf> {
  const clients = orgs.map(async (org) => [org.alias, new Client(org, await logIn(org))] as const);
  return new LocalOrgSf(new Map(await Promise.all(clients)));
}
