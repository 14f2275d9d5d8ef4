import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { COMPONENT_TYPES } from './lib/model';
import { generateTables } from './lib/wsdl/generate';

/** Writes the element tables of the metadata types: run it after `@salesforce/types` was updated. */
async function main(): Promise<void> {
  const file = join(__dirname, 'lib', 'wsdl', 'tables.generated.json');
  const text = JSON.stringify(generateTables(COMPONENT_TYPES));
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

void main();
