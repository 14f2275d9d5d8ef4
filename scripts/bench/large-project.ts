import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../lib/errors';
import { ROOT } from './deploy-fleet';
import { runTimed, type Timing } from './run-timed';

/** The size of a large Salesforce DX project, and the target of `check` there. */
export const LARGE_PROJECT_FILES = 140_000;
const PERMISSION_SETS = 300;
const MAX_CPU_SECONDS = 3;
const MAX_MEMORY_MB = 300;

/** Measures `check` of this project with many files of other features, in a temporary folder that is deleted afterwards. */
export async function checkLargeProject(files = LARGE_PROJECT_FILES): Promise<Timing> {
  const project = mkdtempSync(join(tmpdir(), 'user-verification-large-'));
  try {
    for (const name of ['force-app', 'member-site', 'config', 'sfdx-project.json', '.forceignore'])
      cpSync(join(ROOT, name), join(project, name), { recursive: true });
    writeOtherFeatures(join(project, 'force-app/main/default'), files);
    const hook = ['-r', join(ROOT, '.config/ts-node.cjs')];
    const argv = [...hook, join(ROOT, 'scripts/check.ts'), '--project', project];
    return await runTimed(process.execPath, argv, { cwd: ROOT, env: process.env, exit: EXIT.done });
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** The files of one custom object with its code, by folder: their number and names are those of a typical project. */
const featureFiles = (index: number): readonly (readonly [folder: string, names: readonly string[]])[] => {
  const object = `Object_${index}__c`;
  const numbered = (count: number, nameOf: (number: number) => string): readonly string[] =>
    Array.from({ length: count }, (_, number) => nameOf(number));
  return [
    [`objects/${object}`, [`${object}.object-meta.xml`]],
    [`objects/${object}/fields`, numbered(60, (number) => `Field_${number}__c.field-meta.xml`)],
    [`objects/${object}/validationRules`, numbered(6, (number) => `Rule_${number}.validationRule-meta.xml`)],
    ['layouts', numbered(3, (number) => `${object}-Layout ${number}.layout-meta.xml`)],
    ['classes', numbered(5, (number) => `Class_${index}_${number}.cls`)],
    ['classes', numbered(5, (number) => `Class_${index}_${number}.cls-meta.xml`)],
    [`lwc/part${index}`, ['html', 'js', 'css', 'js-meta.xml'].map((suffix) => `part${index}.${suffix}`)],
    ['customMetadata', numbered(10, (number) => `Setting.Value_${index}_${number}.md-meta.xml`)],
    ['flows', [`Flow_${index}.flow-meta.xml`]],
  ];
};

function writeOtherFeatures(folder: string, files: number): void {
  mkdirSync(join(folder, 'permissionsets'), { recursive: true });
  const permissionSet = permissionSetText();
  for (let index = 0; index < PERMISSION_SETS; index++)
    writeFileSync(join(folder, `permissionsets/Feature_${index}.permissionset-meta.xml`), permissionSet);
  let written = PERMISSION_SETS;
  for (let index = 0; written < files; index++)
    for (const [path, names] of featureFiles(index)) {
      mkdirSync(join(folder, path), { recursive: true });
      for (const name of names)
        writeFileSync(join(folder, path, name), '<Metadata xmlns="http://soap.sforce.com/2006/04/metadata"/>');
      written += names.length;
    }
}

/** A permission set with 250 fields has 41 KB. */
const permissionSetText = (): string => {
  const fields = Array.from(
    { length: 250 },
    (_, index) =>
      `    <fieldPermissions>\n        <editable>true</editable>\n        <field>Object_${index % 40}__c.Field_${index}__c</field>\n        <readable>true</readable>\n    </fieldPermissions>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata">\n${fields.join('')}    <label>Feature</label>\n</PermissionSet>\n`;
};

/** The measurement in one line, with the targets. */
export const largeProjectText = ({ cpu, memory }: Timing, files = LARGE_PROJECT_FILES): string =>
  `check of a project with ${files.toLocaleString('en')} files: ${cpu.toFixed(1)} s of processor time (target: ${MAX_CPU_SECONDS} s), ${memory === undefined ? 'unknown memory' : `${memory.toFixed(0)} MB`} (target: ${MAX_MEMORY_MB} MB)`;

/** Whether a measurement meets the targets. */
export const meetsTargets = ({ cpu, memory = 0 }: Timing): boolean => cpu < MAX_CPU_SECONDS && memory < MAX_MEMORY_MB;
