import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { COMPLEX_TYPES, ENUMS } from '../../local-org/metadata/schema';
import type { Field } from '../../local-org/metadata/schema/field';

// The package is generated from the Metadata WSDL, so it is an independent source for the tables.
const path = join(dirname(require.resolve('@salesforce/types/metadata')), 'metadata.d.ts');
const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
const declared = new Map(
  source.statements.filter(ts.isTypeAliasDeclaration).map((statement) => [statement.name.text, statement.type]),
);

test('each complex type has the elements of the WSDL', () => {
  for (const [name, fields] of Object.entries(COMPLEX_TYPES)) {
    const table = Object.fromEntries([...fields].map(([field, notation]) => [field, written(notation)]));
    assert.deepEqual(table, wsdlFields(name), name);
  }
});

test('each enum has the values of the WSDL', () => {
  for (const [name, values] of Object.entries(ENUMS)) {
    assert.deepEqual([...values].sort(), wsdlValues(name).sort(), name);
  }
});

test('each type that this project deploys has a table', () => {
  for (const name of ['PublicKeyCertificate', 'PublicKeyCertificateSet', 'MessagingChannel', 'EmbeddedServiceConfig']) {
    assert.ok(COMPLEX_TYPES[name], name);
  }
});

function wsdlFields(name: string): Record<string, string> {
  const type = declared.get(name);
  const literals = type ? [type, ...(ts.isIntersectionTypeNode(type) ? type.types : [])] : [];
  const members = literals.filter(ts.isTypeLiteralNode).flatMap((literal) => [...literal.members]);
  return Object.fromEntries(
    members.filter(ts.isPropertySignature).map((member) => {
      const text = member.type?.getText(source) ?? '';
      return [member.name.getText(source), text + (member.questionToken ? '?' : '')];
    }),
  );
}

function wsdlValues(name: string): string[] {
  const text = declared.get(name)?.getText(source) ?? '';
  assert.notEqual(text, '', `${name} is declared`);
  return [...text.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');
}

// The package has the type number for int and double.
function written({ type, required, repeated }: Field): string {
  const name = type === 'int' || type === 'double' ? 'number' : type;
  if (repeated) return `${name}[]`;
  return required ? name : `${name}?`;
}
