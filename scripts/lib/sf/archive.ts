import { strToU8, unzipSync, zipSync } from 'fflate';

/** The folder of the files in a deployed or retrieved zip. Salesforce uses this name in retrieved zips. */
const ROOT_FOLDER = 'unpackaged/';

/** Compressing a smaller file takes a millisecond and saves less than a network packet. */
const MIN_COMPRESSED_BYTES = 8_192;

/** Packs a package as a zip for the Metadata API: one folder that contains package.xml. (Metadata API guide, deploy()) */
export const pack = (files: ReadonlyMap<string, string | Buffer>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      [...files].map(([path, content]) => {
        const bytes = typeof content === 'string' ? strToU8(content) : content;
        return [ROOT_FOLDER + path, [bytes, { level: bytes.length < MIN_COMPRESSED_BYTES ? 0 : 6 }]];
      }),
    ),
  );

/** The files of a retrieved zip by path in the package. Throws if it isn't a zip. */
export const unpack = (zip: Uint8Array): ReadonlyMap<string, Buffer> =>
  new Map(
    Object.entries(unzipSync(zip))
      .filter(([path]) => path.startsWith(ROOT_FOLDER) && !path.endsWith('/'))
      .map(([path, content]) => [path.slice(ROOT_FOLDER.length), Buffer.from(content)]),
  );
