/** A change to the Salesforce CLI inside a worker that only saves processor time: the commands for an org share its login. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { currentCommand } from './patch-cli.mts';

interface Org {
  getConnection(apiVersion?: string): unknown;
}

interface OrgOptions {
  readonly aliasOrUsername?: string;
}

interface OrgClass {
  create: (options?: OrgOptions) => Promise<Org>;
}

interface Transfer {
  usernameOrConnection: unknown;
  readonly apiVersion?: string;
  getConnection: () => Promise<unknown>;
}

/** An org as the CLI created it for a command, and the state of its login file before that. */
interface KnownOrg {
  readonly stamp: string;
  readonly org: Promise<Org>;
}

/** An org with its login and connection takes about 50 KB. */
const MAX_ORGS = 400;

/** The version of a command or a transfer that specifies none. */
const LATEST = 'latest';

/**
 * Each command reads the login of its org with a lock, decrypts it, and creates a connection, and each deploy and retrieve does so
 * twice: a third of the cost of a query. Commands with the same login and API version get the same org, as long as nobody has written
 * the file of the login: a replaced or renewed login is read again. A command sets the API version of its connection, so one
 * connection has only one version. The returned function does that for deploys and retrieves. Call it once the CLI has loaded them.
 */
export function shareLogins(cliRequire: NodeJS.Require): () => void {
  const { Org } = cliRequire('@salesforce/core') as { Org: OrgClass };
  const { Global } = cliRequire('@salesforce/core/global') as { Global: { readonly DIR: string } };
  const create = Org.create.bind(Org);
  const known = new Map<string, KnownOrg>();

  const share = (options: OrgOptions, version: string): Promise<Org> => {
    const username = currentCommand.getStore()?.login?.username;
    const stamp = username === options.aliasOrUsername && stampOf(join(Global.DIR, `${username}.json`));
    if (!stamp || Object.keys(options).length > 1) return create(options);
    const key = `${username} ${version}`;
    const found = known.get(key);
    if (found?.stamp === stamp) return found.org;
    const org = create(options);
    known.delete(key);
    known.set(key, { stamp, org });
    if (known.size > MAX_ORGS) known.delete(known.keys().next().value ?? key);
    // The next command tries again.
    org.catch(() => known.get(key)?.org === org && known.delete(key));
    return org;
  };

  Org.create = (options = {}) => share(options, apiVersionFlag());
  return () => shareWithTransfers(cliRequire, share);
}

/** A deploy or a retrieve gets the username of its command, and creates a connection of its own. */
function shareWithTransfers(
  cliRequire: NodeJS.Require,
  share: (options: OrgOptions, version: string) => Promise<Org>,
): void {
  const { MetadataTransfer } = cliRequire('@salesforce/source-deploy-retrieve/lib/src/client/metadataTransfer') as {
    MetadataTransfer: { prototype: Transfer };
  };
  const { prototype } = MetadataTransfer;
  const { getConnection } = prototype;
  prototype.getConnection = async function () {
    const { usernameOrConnection: username, apiVersion } = this;
    if (typeof username === 'string') {
      const org = await share({ aliasOrUsername: username }, `transfer ${apiVersion ?? LATEST}`);
      this.usernameOrConnection = org.getConnection(apiVersion);
    }
    return getConnection.call(this);
  };
}

/** The API version that the current command sets on its connection. */
function apiVersionFlag(): string {
  const argv = currentCommand.getStore()?.argv ?? [];
  return (argv.includes('--api-version') && argv[argv.indexOf('--api-version') + 1]) || LATEST;
}

/** Differs after each write to a file. Undefined if the file can't be found. */
function stampOf(file: string): string | undefined {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats && [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
}
