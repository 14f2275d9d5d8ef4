import type { Origin } from '../model';
import { error, violation, defineRules, type Violation } from './rule';
import { META_CHANNEL, SKILL_DEBUG } from './sources';

export const API_VERSION_RULES = defineRules({
  'api-version': error('sourceApiVersion is 62.0 or later.', `${META_CHANNEL}; ${SKILL_DEBUG}`),
});

/** The sourceApiVersion of sfdx-project.json; empty where it isn't set. */
export interface ApiVersion extends Origin {
  readonly value: string;
}

const MIN_API_VERSION = 62;

/** Below 62.0, Salesforce ignores embeddedConfig without an error (Metadata API guide, MessagingChannel; sf-skills). */
export function checkApiVersion({ value, file, line }: ApiVersion): readonly Violation[] {
  if (/^\d+\.0$/.test(value) && Number(value) >= MIN_API_VERSION) return [];
  const reason = value === '' ? 'sourceApiVersion is not set' : `sourceApiVersion is ${value}`;
  const message = `${reason}. Below ${MIN_API_VERSION}.0, Salesforce ignores embeddedConfig without an error, so user verification isn't deployed.`;
  const location = { component: '', path: 'sourceApiVersion', origin: { file, line } };
  return [
    violation(
      API_VERSION_RULES['api-version'],
      location,
      message,
      'Set "sourceApiVersion": "67.0", or another version from 62.0.',
    ),
  ];
}
