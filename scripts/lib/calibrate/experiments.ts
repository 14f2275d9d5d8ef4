import { invalidFlagError } from '../errors';
import { npmRun } from '../model';
import { DEPLOY_EXPERIMENTS } from './deploy-experiments';
import { ENDPOINT_EXPERIMENTS } from './endpoint-experiments';
import type { Experiment, Need } from './experiment';
import { ORG_EXPERIMENTS } from './org-experiments';
import { TOKEN_EXPERIMENTS } from './token-experiments';

/** All experiments, in the order in which they run. */
export const EXPERIMENTS: readonly Experiment[] = [
  ...TOKEN_EXPERIMENTS,
  ...ORG_EXPERIMENTS,
  ...DEPLOY_EXPERIMENTS,
  ...ENDPOINT_EXPERIMENTS,
];

/** Why an experiment is skipped if what it needs wasn't given. */
export const NEED_TEXTS: Readonly<Record<Need, string>> = {
  endpoint:
    'It needs a JWKS endpoint that Salesforce can reach: add --endpoint with a public HTTPS URL that a tunnel forwards to --listen.',
  web: 'It creates a site, which the Metadata API may not delete: add --web.',
  agent: 'It needs an active Agentforce Service Agent: add --agent with its API name.',
  'limited-user':
    'It needs the login of a user of this org without Configure Messaging: add --limited-user with its alias.',
};

/** An experiment, and why it is skipped; undefined if it runs. */
export interface Selected {
  readonly experiment: Experiment;
  readonly skipped?: string;
}

/**
 * The experiments to run and to skip. Those that --only doesn't name aren't listed. Throws `invalid-flag` for an unknown ID,
 * and if none is left to run.
 */
export function selectExperiments(
  only: readonly string[],
  skip: readonly string[],
  has: (need: Need) => boolean,
): readonly Selected[] {
  assertKnown('--only', only);
  assertKnown('--skip', skip);
  const selected = EXPERIMENTS.filter(({ id }) => only.length === 0 || only.includes(id)).map((experiment) => {
    if (skip.includes(experiment.id)) return { experiment, skipped: 'It was skipped with --skip.' };
    const { needs } = experiment;
    return needs === undefined || has(needs) ? { experiment } : { experiment, skipped: NEED_TEXTS[needs] };
  });
  if (selected.some(({ skipped }) => skipped === undefined)) return selected;
  throw invalidFlagError(
    'All selected experiments are skipped. No org was contacted.',
    [...new Set(selected.map(({ skipped }) => skipped))].join(' '),
    'Change --only or --skip, or add what the experiments need.',
  );
}

function assertKnown(flag: string, ids: readonly string[]): void {
  const unknown = ids.find((id) => !EXPERIMENTS.some((each) => each.id === id));
  if (unknown === undefined) return;
  throw invalidFlagError(
    `${flag} ${unknown} isn't the ID of an experiment. No org was contacted.`,
    'The IDs are those that --list prints.',
    `To see them: ${npmRun('calibrate', '--list')}`,
  );
}
