import { UnsupportedError } from '../api-error';
import { COMPLEX_TYPES } from './schema';
import type { Field } from './schema/field';
import { findType } from './types';

interface ValueTypeField {
  readonly [name: string]: string | number | boolean | readonly ValueTypeField[];
}

/**
 * Describes the elements of a metadata type. (Metadata API guide, describeValueType().) This org has the elements of the types that it
 * checks against the WSDL.
 */
export function describeValueType(name: string, version: number) {
  if (!COMPLEX_TYPES[name] || !findType(name, version))
    throw new UnsupportedError(
      'INVALID_TYPE',
      `The description of the type ${name} is not supported by the local org.`,
    );
  return {
    apiCreatable: true,
    apiDeletable: true,
    apiReadable: true,
    apiUpdatable: true,
    valueTypeFields: [FULL_NAME, ...fieldsOf(name)],
  };
}

const FULL_NAME: ValueTypeField = {
  isForeignKey: false,
  isNameField: true,
  minOccurs: 0,
  name: 'fullName',
  soapType: 'string',
  valueRequired: true,
};

function fieldsOf(type: string, above: readonly string[] = []): readonly ValueTypeField[] {
  if (above.includes(type)) return [];
  return [...(COMPLEX_TYPES[type] ?? [])].map(([name, field]) => describeField(name, field, [...above, type]));
}

function describeField(name: string, { type, required }: Field, above: readonly string[]): ValueTypeField {
  const fields = fieldsOf(type, above);
  return {
    ...(fields.length > 0 && { fields }),
    isForeignKey: false,
    isNameField: false,
    minOccurs: required ? 1 : 0,
    name,
    soapType: type,
    valueRequired: required,
  };
}
