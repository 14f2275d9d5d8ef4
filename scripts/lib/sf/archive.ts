import { strToU8, unzipSync, zipSync } from 'fflate';

/** The folder in a zip that holds what is deployed or was retrieved; Salesforce calls it so in what it sends. */
const ROOT_FOLDER = 'unpackaged/';

/** A package as the zip that the Metadata API takes: one folder with package.xml in it. (Metadata API guide, deploy()) */
export const pack = (files: ReadonlyMap<string, string>): Uint8Array =>
  zipSync(Object.fromEntries([...files].map(([path, content]) => [ROOT_FOLDER + path, strToU8(content)])));

/** The files of a retrieved zip, by their path in the package. Throws when it is no zip. */
export const unpack = (zip: Uint8Array): ReadonlyMap<string, Buffer> =>
  new Map(
    Object.entries(unzipSync(zip))
      .filter(([path]) => path.startsWith(ROOT_FOLDER) && !path.endsWith('/'))
      .map(([path, content]) => [path.slice(ROOT_FOLDER.length), Buffer.from(content)]),
  );
