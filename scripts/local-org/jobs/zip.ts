import { unzipSync, zipSync, type Zippable } from 'fflate';
import { ApiError } from '../api-error';

// A constant time makes zips of the same content identical. A zip can't have a time before 1980.
const ZIP_TIME = new Date(1980, 0, 2);

/** The files of a zip: path -> content, without folders. */
export function unzip(zip: Buffer): Map<string, Buffer> {
  try {
    const entries = Object.entries(unzipSync(zip)).filter(([path]) => !path.endsWith('/'));
    return new Map(entries.map(([path, content]) => [path.replace(/^\.?\/+/, ''), Buffer.from(content)]));
  } catch (error) {
    // Salesforce's message for an invalid zip isn't known.
    const reason = error instanceof Error ? error.message : String(error);
    throw new ApiError('INVALID_OPERATION', `The zip file can't be read: ${reason}`);
  }
}

/** Creates a zip of files: path -> content. Not compressed: clients accept both, and it costs a tenth of the processor time. */
export function zip(files: ReadonlyMap<string, Buffer>): Buffer {
  const entries: Zippable = {};
  for (const [path, content] of files) entries[path] = [content, { mtime: ZIP_TIME }];
  return Buffer.from(zipSync(entries, { level: 0 }));
}
