import { redactTokens } from '../token';

/** Texts that identify an org: URLs, host names, record IDs. */
const IDENTIFYING: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bhttps?:\/\/[^\s"'<>]+/gi, '(URL)'],
  [/\b[\w-]+(?:\.[\w-]+)*\.(?:salesforce|salesforce-scrt|force|site|cloudforce|visualforce)\.com\b/gi, '(host)'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '(host)'],
  [/\b(?=[a-zA-Z]*\d)[0-9a-zA-Z]{5}[0-9a-zA-Z]{10}(?:[A-Z0-5]{3})?\b/g, '(ID)'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '(ID)'],
];

/** A text without IDs, hosts, and tokens, so that it can be committed and shared. */
export const scrub = (text: string): string =>
  IDENTIFYING.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), redactTokens(text));
