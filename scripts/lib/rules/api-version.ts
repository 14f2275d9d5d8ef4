import type { Origin } from '../model';
import { error, flaw, rules, type Flaw } from './rule';
import { META_CHANNEL, SKILL_DEBUG } from './sources';

export const API_VERSION_RULES = rules({
  'api-version': error('sourceApiVersion is 62.0 or later.', `${META_CHANNEL}; ${SKILL_DEBUG}`),
});

/** What sfdx-project.json says; an empty value where it says nothing. */
export interface ApiVersion extends Origin {
  readonly value: string;
}

const OLDEST = 62;

/** Below 62 Salesforce silently leaves embeddedConfig out (Metadata API guide, MessagingChannel; sf-skills). */
export function checkApiVersion({ value, file, line }: ApiVersion): readonly Flaw[] {
  if (/^\d+\.0$/.test(value) && Number(value) >= OLDEST) return [];
  const said = value === '' ? 'sourceApiVersion is not stated' : `sourceApiVersion is ${value}`;
  const message = `${said}; below ${OLDEST}.0 Salesforce silently drops embeddedConfig, and user verification with it.`;
  const place = { component: '', path: 'sourceApiVersion', origin: { file, line } };
  return [
    flaw(
      API_VERSION_RULES['api-version'],
      place,
      message,
      'State "sourceApiVersion": "67.0", or another from 62.0 on.',
    ),
  ];
}
