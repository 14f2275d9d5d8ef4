import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Problem } from './problem';
import { listFiles } from './list-files';
import { readXml, type XmlElement } from './xml';

interface Field {
  readonly owner: string;
  readonly name: string;
  readonly required: boolean;
}

/** Checks custom metadata records against the fields of their types. The WSDL allows any value in any field. */
export function customMetadataProblems(folder: string): Problem[] {
  const fields = listFiles(folder, '.field-meta.xml').map(fieldOf);
  return listFiles(folder, '.md-meta.xml').flatMap((file) => recordProblems(file, fields));
}

const textOf = (element: XmlElement, name: string): string | undefined =>
  element.children.find((child) => child.name === name)?.text;

function fieldOf(file: string): Field {
  const root = readXml(readFileSync(file, 'utf8'));
  return {
    owner: basename(dirname(dirname(file))),
    name: basename(file, '.field-meta.xml'),
    required: textOf(root, 'required') === 'true',
  };
}

function recordProblems(file: string, fields: readonly Field[]): Problem[] {
  const [type] = basename(file).split('.');
  const known = fields.filter(({ owner }) => owner === `${type}__mdt`);
  const root = readXml(readFileSync(file, 'utf8'));
  const values = root.children.filter(({ name }) => name === 'values');
  const present = values.map((value) => ({ name: textOf(value, 'field') ?? '', line: value.line }));
  const unknown = present.filter(({ name }) => !known.some((field) => field.name === name));
  const missing = known.filter(({ name, required }) => required && !present.some((value) => value.name === name));
  return [
    ...unknown.map(({ name, line }) => ({ file, line, message: `${type}__mdt has no field ${name}` })),
    ...missing.map(({ name }) => ({ file, line: root.line, message: `${name} is required and not stated` })),
  ];
}
