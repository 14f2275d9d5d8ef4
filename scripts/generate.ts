import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { orgJsonSchema } from './lib/project';
import { COMPONENT_TYPES } from './lib/model';
import { generateTables } from './lib/metadata/generate-tables';
import { BUILDS, buildClient } from './web-client/build';

const STATIC_RESOURCES = '../force-app/main/default/staticresources';

/** The generated files of this project, relative to this folder. Tests fail when one of them is stale. */
const GENERATED_FILES: Readonly<Record<string, () => string>> = {
  'lib/metadata/type-tables.generated.json': () => JSON.stringify(generateTables(COMPONENT_TYPES)),
  '../config/org.schema.json': () => JSON.stringify(orgJsonSchema()),
  ...Object.fromEntries(
    Object.entries(BUILDS).map(([file, build]) => [`${STATIC_RESOURCES}/${file}`, () => buildClient(build)]),
  ),
};

/** Writes them all: run it after `@salesforce/types` or the web client was changed. */
async function main(): Promise<void> {
  for (const [path, generate] of Object.entries(GENERATED_FILES)) {
    const file = join(__dirname, path);
    const options = { ...(await resolveConfig(file)), filepath: file };
    writeFileSync(file, await format(generate(), options));
  }
}

void main();
