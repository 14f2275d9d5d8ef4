import { mainPath } from '../metadata/component';
import { tryParseDocument } from '../metadata/store';
import { findType, UNKNOWN_TYPE_NOTE } from '../metadata/types';
import type { Org } from '../org/org';
import { asOfVersion } from './api-version';
import { ApiError, UnsupportedError } from '../api-error';
import { TOO_MANY } from './metadata-crud';
import { canRead } from './retrieve';

/**
 * Returns the records of a readMetadata response as markup. A name that doesn't exist gives an empty record (xsi:nil).
 * (Metadata API guide, "readMetadata()")
 */
export function readRecords(org: Org, type: string, names: readonly string[], version: number): string {
  if (!findType(type, version)) {
    throw new UnsupportedError(
      'INVALID_TYPE',
      `${type} is not a valid metadata type for reading. ${UNKNOWN_TYPE_NOTE}`,
    );
  }
  if (names.length > 10) throw new ApiError('EXCEEDED_ID_LIMIT', TOO_MANY);
  return names.map((name) => readRecord(org, type, name, version)).join('');
}

function readRecord(org: Org, type: string, name: string, version: number): string {
  const component = canRead(org, type) ? org.metadata.find(type, name) : undefined;
  if (!component || !tryParseDocument(component)) return '<records xsi:nil="true"/>';
  const text = asOfVersion(component, version).files.get(mainPath(component))?.toString('utf8') ?? '';
  const inside = /<[A-Za-z][^>]*>([\s\S]*)<\/[A-Za-z]+>\s*$/.exec(text.replace(/<\?[\s\S]*?\?>/g, ''))?.[1] ?? '';
  return `<records xsi:type="${type}"><fullName>${name}</fullName>${inside}</records>`;
}
