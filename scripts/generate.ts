import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, type CommandDef } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import { EXPERIMENTS } from './lib/calibrate/experiments';
import { assumptionsPage } from './lib/calibrate/page';
import { readEvidence } from './lib/evidence';
import { codesPage, EXPLANATIONS } from './lib/explain/codes';
import { defaultsJsonSchema, orgJsonSchema } from './lib/project';
import { COMPONENT_TYPES } from './lib/model';
import { generateTables } from './lib/metadata/generate-tables';
import { BUILDS, buildClient, integrityOf } from './web-client/build';

const STATIC_RESOURCES = '../member-site/main/default/staticresources';

/** The generated files of this project, relative to this folder. A test fails if one of them is out of date. */
const GENERATED_FILES: Readonly<Record<string, () => string>> = {
  'lib/metadata/type-tables.generated.json': () => JSON.stringify(generateTables(COMPONENT_TYPES)),
  '../config/org.schema.json': () => JSON.stringify(orgJsonSchema()),
  '../config/org-defaults.schema.json': () => JSON.stringify(defaultsJsonSchema()),
  'guides/codes.md': () => codesPage(EXPLANATIONS),
  'guides/assumptions.md': () => assumptionsPage(EXPERIMENTS, readEvidence(join(__dirname, '..'))),
  ...Object.fromEntries(
    Object.entries(BUILDS).map(([file, build]) => [`${STATIC_RESOURCES}/${file}`, () => buildClient(build)]),
  ),
};

export const generate: CommandDef = {
  name: 'generate',
  summary:
    'Generate the metadata type tables, the schema of org files, the guides to codes and assumptions, and the static resources of the web client.',
  examples: [
    ['Update the generated files after a change to @salesforce/types or the web client:', 'npm run generate'],
    ['Update the files, and print the stack trace of an error:', 'npm run generate -- --debug'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  run: writeGeneratedFiles,
};

/** The files that are made of the formatted static resources, relative to this folder. */
const PACKAGE_FILES: Readonly<Record<string, () => string>> = {
  'web-client/package/index.js': () =>
    readFileSync(join(__dirname, STATIC_RESOURCES, 'customerIdentityModule.js'), 'utf8'),
  'web-client/package/integrity.json': () => JSON.stringify(integrityOf(join(__dirname, STATIC_RESOURCES))),
};

async function writeGeneratedFiles(): Promise<ExitCode> {
  const { format, resolveConfig } = await import('prettier');
  // The files of the package are copies of the static resources, and hashes of them.
  for (const [path, generateText] of Object.entries({ ...GENERATED_FILES, ...PACKAGE_FILES })) {
    const file = join(__dirname, path);
    const options = { ...(await resolveConfig(file)), filepath: file };
    writeFileSync(file, await format(generateText(), options));
  }
  return EXIT.done;
}

main(generate, module);
