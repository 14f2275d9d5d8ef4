import type { Change, CheckState, OrgResult, OrgStatus, Severity } from '../../model';
import type { SyncState } from '../org-matrix';
import { resultLabel } from '../report';
import type { Tone } from '../headline';
import { html, EMPTY, type Markup } from './markup';

/** A word with an icon, so that its meaning doesn't depend on color alone. */
export const tag = (tone: Tone | 'quiet', word: string): Markup =>
  html`<span class="tag ${tone}"><span aria-hidden="true">${TONE_ICONS[tone]}</span> ${word}</span>`;

const TONE_ICONS: Readonly<Record<Tone | 'quiet', string>> = { good: '✓', warning: '!', bad: '✕', quiet: '–' };

const RESULT_TONES: Readonly<Record<OrgStatus, Tone | 'quiet'>> = {
  unchanged: 'good',
  changed: 'good',
  planned: 'warning',
  skipped: 'quiet',
  unknown: 'bad',
  failed: 'bad',
  unreachable: 'bad',
};

export function resultTag(org: OrgResult, command: string): Markup {
  const { word, tone } = resultLabel(org, command);
  return tag(tone ?? RESULT_TONES[org.status], word);
}

const IMPACT_LABELS: Readonly<Record<Change['impact'], readonly [Tone | 'quiet', string]>> = {
  disruptive: ['bad', 'disruptive'],
  visible: ['warning', 'visible to customers'],
  none: ['quiet', 'no customer impact'],
};

export const impactTag = (impact: Change['impact']): Markup => tag(...IMPACT_LABELS[impact]);

const CHECK_STATE_TONES: Readonly<Record<CheckState, Tone>> = {
  passed: 'good',
  failed: 'bad',
  inconclusive: 'warning',
};

export const checkStateTag = (state: CheckState): Markup => tag(CHECK_STATE_TONES[state], state);

const SEVERITY_LABELS: Readonly<Record<Severity, readonly [Tone | 'quiet', string]>> = {
  error: ['bad', 'error'],
  warning: ['warning', 'warning'],
  note: ['quiet', 'note'],
};

export const severityTag = (severity: Severity): Markup => tag(...SEVERITY_LABELS[severity]);

/** A missing component is quiet: before the first deploy, every component is missing. */
const SYNC_TONES: Readonly<Record<Exclude<SyncState, 'in sync'>, Tone | 'quiet'>> = {
  drifted: 'warning',
  missing: 'quiet',
  unmanaged: 'warning',
};

/** The sync state of a component; empty if it is in sync. */
export const syncTag = (syncState: SyncState): Markup =>
  syncState === 'in sync' ? EMPTY : tag(SYNC_TONES[syncState], syncState);
