import { parse } from 'yaml';
import type { Workflow } from './workflow-runner';

/**
 * Where a workflow would let a secret, or a text that somebody else wrote, become part of a command, and where it would run
 * code that nobody looked at.
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
