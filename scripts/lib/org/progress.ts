/** The steps of an apply that are told. */
export type ApplyStep =
  | 'waiting'
  | 'deactivating'
  | 'deploying'
  | 'not submitted'
  | 'looking up'
  | 'submitted'
  | 'deployed'
  | 'rejected'
  | 'activating'
  | 'publishing'
  | 'published'
  | 'reading back'
  | 'verifying';

/**
 * Told as an apply goes on, before and after each outside step, so that a run can be followed and resumed. Before a
 * submission it is told which deployments the org knows.
 */
export type ReportStep = (
  step: ApplyStep,
  detail?: string,
  before?: { readonly known: readonly string[] | null },
) => void;
