import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliWorkerPool } from '../../lib/sf';
import type { LocalOrg } from '../../local-org/index';
import type { Workspace } from './workspace';

type Login = Pick<LocalOrg, 'username'>;

const loginFile = ({ home }: Workspace, { username }: Login): string => join(home, '.sfdx', `${username}.json`);

/**
 * Replaces the login of an org by that of another org, with the same username, as a login to a refreshed sandbox or to another org
 * does. Returns a function that restores it.
 */
export function replaceLogin(workspace: Workspace, org: Login, other: Login): () => void {
  const file = loginFile(workspace, org);
  const original = readFileSync(file);
  const login = JSON.parse(readFileSync(loginFile(workspace, other), 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...login, username: org.username }));
  return () => writeFileSync(file, original);
}

/** Makes the login of an org one for another address of the same org. */
export function moveLogin(workspace: Workspace, org: Login, instanceUrl: string): void {
  const file = loginFile(workspace, org);
  const login = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...login, instanceUrl, loginUrl: instanceUrl }));
}

/** Points an alias to another login, as `sf alias set` does. */
export function repointAlias({ home }: Workspace, alias: string, { username }: Login): void {
  const file = join(home, '.sfdx/alias.json');
  const { orgs } = JSON.parse(readFileSync(file, 'utf8')) as { orgs: Readonly<Record<string, string>> };
  writeFileSync(file, JSON.stringify({ orgs: { ...orgs, [alias]: username } }));
}

/** The same workers, with `hook` before each CLI command. */
export function beforeCommand(
  pool: CliWorkerPool,
  hook: (command: string, username: string | undefined) => void,
): CliWorkerPool {
  const run: CliWorkerPool['run'] = (lane, command, argv, timeout, login) => {
    hook(command, login?.username);
    return pool.run(lane, command, argv, timeout, login);
  };
  return new Proxy(pool, {
    get: (target, name): unknown => (name === 'run' ? run : Reflect.get(target, name, target)),
  });
}
