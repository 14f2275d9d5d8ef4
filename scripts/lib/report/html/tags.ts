import type { Change, CheckState, Outcome, Result, Severity } from '../../model';
import type { Standing } from '../../matrix';
import { resultOf } from '../report';
import type { Tone } from '../verdict';
import { html, NOTHING, type Markup } from './markup';

/** A word with a mark, so that colour is never the only carrier of what it says. */
export const tag = (tone: Tone | 'quiet', word: string): Markup =>
  html`<span class="tag ${tone}"><span aria-hidden="true">${MARKS[tone]}</span> ${word}</span>`;

const MARKS: Readonly<Record<Tone | 'quiet', string>> = { good: '✓', attention: '!', bad: '✕', quiet: '–' };

const RESULT_TONES: Readonly<Record<Result, Tone | 'quiet'>> = {
  unchanged: 'good',
  changed: 'good',
  planned: 'attention',
  skipped: 'quiet',
  unknown: 'bad',
  failed: 'bad',
  unreachable: 'bad',
};

export function resultTag(org: Outcome): Markup {
  const { word, tone } = resultOf(org);
  return tag(tone ?? RESULT_TONES[org.outcome], word);
}

const IMPACTS: Readonly<Record<Change['impact'], readonly [Tone | 'quiet', string]>> = {
  disruptive: ['bad', 'disturbs customers'],
  notice: ['attention', 'customers may notice'],
  none: ['quiet', 'not noticed by customers'],
};

export const impactTag = (impact: Change['impact']): Markup => tag(...IMPACTS[impact]);

const STATES: Readonly<Record<CheckState, Tone>> = { ok: 'good', failed: 'bad', 'not proven': 'attention' };

export const stateTag = (state: CheckState): Markup => tag(STATES[state], state);

const SEVERITIES: Readonly<Record<Severity, readonly [Tone | 'quiet', string]>> = {
  error: ['bad', 'error'],
  warning: ['attention', 'warning'],
  info: ['quiet', 'note'],
};

export const severityTag = (severity: Severity): Markup => tag(...SEVERITIES[severity]);

const STANDINGS: Readonly<Record<Exclude<Standing, 'as stated'>, Tone>> = {
  differs: 'attention',
  missing: 'bad',
  'only in the org': 'attention',
};

/** Nothing where all is as stated. */
export const standingTag = (standing: Standing): Markup =>
  standing === 'as stated' ? NOTHING : tag(STANDINGS[standing], standing);
