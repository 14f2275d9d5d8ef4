import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, type CommandDef } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import { COMPONENT_TYPES } from './lib/model';

const STATIC_RESOURCES = '../member-site/main/default/staticresources';

/** Functions that return the text of each file. */
type Files = Readonly<Record<string, () => string>>;

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

/** The generated files of this project, relative to this folder. A test fails if one of them is out of date. */
async function generatedFiles(): Promise<Files> {
  const { assumptionsPage } = await import('./lib/calibrate/page');
  const { EXPERIMENTS } = await import('./lib/calibrate/experiments');
  const { readEvidence } = await import('./lib/evidence');
  const { codesPage, EXPLANATIONS } = await import('./lib/explain/codes');
  const { generateTables } = await import('./lib/metadata/generate-tables');
  const { defaultsJsonSchema, orgJsonSchema } = await import('./lib/project');
  const { BUILDS, buildClient } = await import('./web-client/build');
  return {
    'lib/metadata/type-tables.generated.json': () => JSON.stringify(generateTables(COMPONENT_TYPES)),
    '../config/org.schema.json': () => JSON.stringify(orgJsonSchema()),
    '../config/org-defaults.schema.json': () => JSON.stringify(defaultsJsonSchema()),
    'guides/codes.md': () => codesPage(EXPLANATIONS),
    'guides/assumptions.md': () => assumptionsPage(EXPERIMENTS, readEvidence(join(__dirname, '..'))),
    ...Object.fromEntries(
      Object.entries(BUILDS).map(([file, build]) => [`${STATIC_RESOURCES}/${file}`, () => buildClient(build)]),
    ),
  };
}

/** The files that are made of the formatted static resources, relative to this folder. */
async function packageFiles(): Promise<Files> {
  const { integrityOf } = await import('./web-client/build');
  const folder = join(__dirname, STATIC_RESOURCES);
  return {
    'web-client/package/index.js': () => readFileSync(join(folder, 'customerIdentityModule.js'), 'utf8'),
    'web-client/package/integrity.json': () => JSON.stringify(integrityOf(folder)),
  };
}

async function writeGeneratedFiles(): Promise<ExitCode> {
  const { format, resolveConfig } = await import('prettier');
  // The files of the package are copies of the static resources, and hashes of them.
  for (const [path, generateText] of Object.entries({ ...(await generatedFiles()), ...(await packageFiles()) })) {
    const file = join(__dirname, path);
    const options = { ...(await resolveConfig(file)), filepath: file };
    writeFileSync(file, await format(generateText(), options));
  }
  return EXIT.done;
}

main(generate, module);
