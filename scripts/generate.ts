import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { orgSchema } from './lib/config';
import { COMPONENT_TYPES } from './lib/model';
import { generateTables } from './lib/wsdl/generate';

/** The generated files of this project, relative to this folder. Tests fail when one of them is stale. */
const GENERATED: Readonly<Record<string, () => unknown>> = {
  'lib/wsdl/tables.generated.json': () => generateTables(COMPONENT_TYPES),
  '../config/org.schema.json': orgSchema,
};

/** Writes them all: run it after `@salesforce/types` was updated. */
async function main(): Promise<void> {
  for (const [path, generate] of Object.entries(GENERATED)) {
    const file = join(__dirname, path);
    const options = { ...(await resolveConfig(file)), filepath: file };
    writeFileSync(file, await format(JSON.stringify(generate()), options));
  }
}

void main();
