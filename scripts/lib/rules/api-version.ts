import type { Origin } from '../model';
import { NEWEST_API_VERSION } from '../metadata';
import { error, note, violation, defineRules, type Violation } from './rule';
import { DX_CONFIG, META_CHANNEL, SKILL_DEBUG } from './sources';

export const API_VERSION_RULES = defineRules({
  'api-version': error('sourceApiVersion is 62.0 or later.', `${META_CHANNEL}; ${SKILL_DEBUG}`),
  'api-version-not-set': note('sourceApiVersion is set, so that every run uses the same version.', DX_CONFIG),
});

/** The API version of a project. */
export interface ApiVersion extends Origin {
  /** The sourceApiVersion of sfdx-project.json, or the newest version of the type tables if it isn't set. */
  readonly value: string;
  readonly isDefault?: boolean;
}

const MIN_API_VERSION = 62;

/** Below 62.0, Salesforce ignores embeddedConfig without an error (Metadata API guide, MessagingChannel; sf-skills). */
export function checkApiVersion({ value, isDefault = false, file, line }: ApiVersion): readonly Violation[] {
  const location = { component: '', path: 'sourceApiVersion', origin: { file, line } };
  if (isDefault) {
    const message = `sourceApiVersion isn't set. This project uses ${value}, and the CLI uses the newest version of each org.`;
    const fix = `Set "sourceApiVersion": "${value}".`;
    return [violation(API_VERSION_RULES['api-version-not-set'], location, message, fix)];
  }
  if (isSupported(value)) return [];
  const message = `sourceApiVersion is ${value === '' ? 'empty' : value}. Below ${MIN_API_VERSION}.0, Salesforce ignores embeddedConfig without an error, so user verification isn't deployed.`;
  const fix = `Set "sourceApiVersion": "${NEWEST_API_VERSION}", or another version from ${MIN_API_VERSION}.0.`;
  return [violation(API_VERSION_RULES['api-version'], location, message, fix)];
}

const isSupported = (value: string): boolean => /^\d+\.0$/.test(value) && Number(value) >= MIN_API_VERSION;

/** The version that elements are checked against: the declared one, or the newest known one if none is valid. */
export const versionNumber = ({ value }: ApiVersion): number =>
  Number(/^\d+(?:\.0)?$/.test(value) ? value : NEWEST_API_VERSION);
