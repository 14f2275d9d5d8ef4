import { asToolError, ToolError } from '../errors';
import type { Sf } from '../sf';
import { follow } from './follow';
import { GO_ON } from './go-on';
import { PATIENCE, type Patience } from './patience';
import type { Progress } from './progress';
import { awaitFree } from './requests';
import { findSubmission, type Unanswered } from './submission';

/** What an earlier run sent to an org without seeing the end of it. */
export interface Unfinished extends Unanswered {
  /** Its id, when that came back. */
  readonly id?: string;
  readonly over: boolean;
}

/**
 * Finds out what became of a submission of an earlier run, and waits until nothing runs in the org: after that, reading the org
 * tells what is left to do. Throws `deploy-unknown` while nobody can tell.
 */
export async function settle(
  sf: Sf,
  alias: string,
  sent: Unfinished | undefined,
  progress: Progress,
  patience: Patience = PATIENCE,
): Promise<void> {
  if (sent && !sent.over) {
    const report = sent.id === undefined ? await lookUp(sf, alias, sent, patience) : await follow(sf, alias, sent.id);
    if (report && sent.id === undefined) progress('submitted', report.id);
    if (report) progress(report.success ? 'deployed' : 'refused', report.id);
    else progress('not sent');
  }
  await awaitFree(sf, alias, patience.busy, (why) => progress('waiting', why));
}

const lookUp = (
  sf: Sf,
  alias: string,
  sent: Unanswered,
  { settle: limit }: Patience,
): ReturnType<typeof findSubmission> =>
  findSubmission(sf, alias, sent, limit).catch((thrown: unknown) => {
    const cause = asToolError(thrown);
    throw new ToolError(
      'deploy-unknown',
      {
        what: `Whether Salesforce took the deployment to "${alias}" is still not known.`,
        why: `The org could not be asked: ${cause.what} ${cause.why}`,
        fix: `${cause.fix} ${GO_ON}`,
      },
      { cause },
    );
  });
