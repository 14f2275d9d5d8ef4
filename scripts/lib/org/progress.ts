/** The reported steps of an apply. The journal contains these words. */
export type ApplyStep =
  | 'waiting'
  | 'deactivating'
  | 'deploying'
  | 'not submitted'
  | 'retrying'
  | 'gave up'
  | 'looking up'
  | 'submitted'
  | 'deployed'
  | 'rejected'
  | 'routing'
  | 'creating'
  | 'created'
  | 'not created'
  | 'updating'
  | 'activating'
  | 'publishing'
  | 'published'
  | 'reading back'
  | 'verifying'
  | 'watching'
  | 'chats'
  | 'watch passed'
  | 'watch not passed';

/**
 * Receives each step of an apply, before and after each request that changes the org, so that a run can be followed and resumed.
 * `before` contains the IDs of the deploy jobs that the org listed before a submission, or whose effects a publication includes;
 * null if it doesn't list them.
 */
export type ReportStep = (
  step: ApplyStep,
  detail?: string,
  before?: { readonly known: readonly string[] | null },
) => void;
