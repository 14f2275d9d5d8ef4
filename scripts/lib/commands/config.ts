import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { npmRun, pluralize, type DesiredState, type Finding } from '../model';
import { loadProject } from '../project';
import { DEFAULTS_FILE } from '../project/org-defaults';
import { effectiveValues, type EffectiveValue } from '../project/effective-values';
import { ORGS_FOLDER } from '../project/orgs-folder';
import { findingsText, serializeDocument, styled, wrap, type TextLayout } from '../report';
import { selectionArguments } from '../rollout/confirm';

/** An org as the JSON document contains it. */
interface OrgEntry {
  readonly alias: string;
  readonly file: string;
  readonly values: readonly EffectiveValue[];
}

/** Prints the values of each selected org file on top of the shared ones, with the origin of each value. Contacts no org. */
export function runConfig({ flags, now, layout, print, printJson }: Context): ExitCode {
  const selection = { orgs: flags.org, ...(flags.wave !== undefined && { wave: flags.wave }) };
  const { orgs, findings } = loadProject(flags.project, selection, now);
  const errors = findings.filter(isOrgFileError);
  if (errors.length > 0) print(`${findingsText(layout, errors)}\n`);
  const entries = orgs.map((org) => orgEntry(flags.project, org));
  entries.forEach((entry) => print(`${orgText(layout, entry)}\n`));
  const next = entries.length > 0 ? ` To check them: ${npmRun('check', ...selectionArguments(flags))}` : '';
  print(wrap(layout, '  ', `${summary(entries)}${next}`, ''));
  const exitCode = errors.length > 0 ? EXIT.invalid : EXIT.done;
  printJson(serializeDocument({ command: 'config', exitCode, findings: errors, config: entries }));
  return exitCode;
}

const isOrgFileError = ({ severity, file }: Finding): boolean =>
  severity === 'error' && (file === ORGS_FOLDER || file.startsWith(`${ORGS_FOLDER}/`));

const orgEntry = (project: string, { org: { alias, file } }: DesiredState): OrgEntry => ({
  alias,
  file,
  values: effectiveValues(project, file),
});

const orgText = (layout: TextLayout, { alias, values }: OrgEntry): string =>
  [
    styled(layout, 'bold', alias),
    ...values.map(({ path, value, file, line }) =>
      wrap(layout, '      ', `${path}: ${valueText(value)} ${styled(layout, 'dim', `(${file}:${line})`)}`, '  '),
    ),
  ].join('\n');

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '(empty list)' : value.map(valueText).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function summary(entries: readonly OrgEntry[]): string {
  const values = entries.flatMap((entry) => entry.values);
  const shared = values.filter(({ file }) => file === DEFAULTS_FILE).length;
  return `${pluralize(entries.length, 'org')}: ${pluralize(values.length, 'value')}, ${shared} from ${DEFAULTS_FILE}.`;
}
