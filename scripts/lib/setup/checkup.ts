import { asToolError } from '../errors';

/** One check of `doctor`. A check that can't run is skipped with its reason, never passed. */
export interface Checkup {
  /** The machine, the project, or the alias of an org. */
  readonly topic: string;
  readonly title: string;
  readonly status: 'passed' | 'skipped' | 'failed';
  /** The result, or the reason. */
  readonly detail: string;
  /** Only of a failed check: one action or command. */
  readonly fix?: string;
  /** Whether the org can't be used at all: no login, no response, or another org. */
  readonly isAccess?: true;
}

export const passed = (topic: string, title: string, detail: string): Checkup => ({
  topic,
  title,
  detail,
  status: 'passed',
});

export const skipped = (topic: string, title: string, detail: string): Checkup => ({
  topic,
  title,
  detail,
  status: 'skipped',
});

export const failed = (topic: string, title: string, detail: string, fix: string): Checkup => ({
  topic,
  title,
  detail,
  fix,
  status: 'failed',
});

/** A check that passes with the text of `read`, and fails with the error that `read` throws. */
export async function attempt(topic: string, title: string, read: () => string | Promise<string>): Promise<Checkup> {
  try {
    return passed(topic, title, await read());
  } catch (thrown) {
    const { what, why, fix } = asToolError(thrown);
    return failed(topic, title, `${what} ${why}`, fix);
  }
}

/** A check as a document contains it. */
export const withoutAccess = ({ topic, title, status, detail, fix }: Checkup): Omit<Checkup, 'isAccess'> => ({
  topic,
  title,
  status,
  detail,
  ...(fix !== undefined && { fix }),
});
