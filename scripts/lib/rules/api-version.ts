import type { Origin } from '../model';
import { error, violation, defineRules, type Violation } from './rule';
import { META_CHANNEL, SKILL_DEBUG } from './sources';

export const API_VERSION_RULES = defineRules({
  'api-version': error('sourceApiVersion is 62.0 or later.', `${META_CHANNEL}; ${SKILL_DEBUG}`),
});

/** What sfdx-project.json says; an empty value where it says nothing. */
export interface ApiVersion extends Origin {
  readonly value: string;
}

const MIN_API_VERSION = 62;

/** Below 62 Salesforce silently leaves embeddedConfig out (Metadata API guide, MessagingChannel; sf-skills). */
export function checkApiVersion({ value, file, line }: ApiVersion): readonly Violation[] {
  if (/^\d+\.0$/.test(value) && Number(value) >= MIN_API_VERSION) return [];
  const reason = value === '' ? 'sourceApiVersion is not stated' : `sourceApiVersion is ${value}`;
  const message = `${reason}; below ${MIN_API_VERSION}.0 Salesforce silently drops embeddedConfig, and user verification with it.`;
  const location = { component: '', path: 'sourceApiVersion', origin: { file, line } };
  return [
    violation(
      API_VERSION_RULES['api-version'],
      location,
      message,
      'State "sourceApiVersion": "67.0", or another from 62.0 on.',
    ),
  ];
}
