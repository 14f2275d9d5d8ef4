import { unzipSync, zipSync, type Zippable } from 'fflate';
import { ApiError } from '../api-error';

// A constant moment makes the same content the same zip. 1980 is the earliest one a zip can hold.
const ZIP_TIME = new Date(1980, 0, 2);

/** The files of a zip, path -> content, folders left out. */
export function unzip(zip: Buffer): Map<string, Buffer> {
  try {
    const entries = Object.entries(unzipSync(zip)).filter(([path]) => !path.endsWith('/'));
    return new Map(entries.map(([path, content]) => [path.replace(/^\.?\/+/, ''), Buffer.from(content)]));
  } catch (error) {
    // Salesforce's wording for a broken zip is not known.
    const reason = error instanceof Error ? error.message : String(error);
    throw new ApiError('INVALID_OPERATION', `The zip file cannot be read: ${reason}`);
  }
}

/** Packs files, path -> content. */
export function zip(files: ReadonlyMap<string, Buffer>): Buffer {
  const entries: Zippable = {};
  for (const [path, content] of files) entries[path] = [content, { mtime: ZIP_TIME }];
  return Buffer.from(zipSync(entries, { level: 6 }));
}
