/**
 * The lower bound of a deploy: what a script with @salesforce/core takes to retrieve, deploy, and read back orgs at the same time,
 * without a plan, a check, a lock, or a journal. Run by `npm run bench`.
 * @example node core-script.mjs folder-of-packages 67.0 MessagingChannel,PublicKeyCertificate org1 org2
 */
import { readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { join } from 'node:path';

const { Org } = createRequire(findPackageJSON('@salesforce/cli', import.meta.url))('@salesforce/core');
const [folder, version, types, ...aliases] = process.argv.slice(2);
const unpackaged = { version, types: types.split(',').map((name) => ({ name, members: '*' })) };

async function deploy(alias) {
  const org = await Org.create({ aliasOrUsername: alias });
  const { metadata } = org.getConnection();
  metadata.pollInterval = 1_000;
  const retrieve = () => metadata.retrieve({ apiVersion: version, singlePackage: true, unpackaged }).complete();
  await retrieve();
  const zip = readFileSync(join(folder, `${alias}.zip`));
  const { success } = await metadata.deploy(zip, { rollbackOnError: true }).complete();
  if (!success) throw new Error(`The deploy to ${alias} failed.`);
  await retrieve();
}

await Promise.all(aliases.map(deploy));
