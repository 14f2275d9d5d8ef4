import { parse } from 'yaml';
import type { Workflow } from './workflow-runner';

/**
 * Problems of a workflow: a secret or untrusted text in a command, an action without a pinned commit, or a checkout
 * that keeps its credentials.
 */
export function secretProblems(text: string): readonly string[] {
  const { jobs } = parse(text) as Workflow;
  return Object.entries(jobs).flatMap(([name, job]) =>
    (job.steps ?? []).flatMap((step) => {
      const at = `${name}, ${step.name ?? step.uses ?? step.run ?? ''}`;
      return [
        ...(step.run?.includes('${{') ? [`${at}: an expression in a command; hand it over in env`] : []),
        ...(step.uses !== undefined && !/@[0-9a-f]{40}$/.test(step.uses) ? [`${at}: not pinned by commit`] : []),
        ...(step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false
          ? [`${at}: leaves its token on the machine`]
          : []),
      ];
    }),
  );
}
