/** The steps of an apply that are told. */
export type Step =
  | 'waiting'
  | 'deactivating'
  | 'deploying'
  | 'not sent'
  | 'looking it up'
  | 'submitted'
  | 'deployed'
  | 'refused'
  | 'activating'
  | 'publishing'
  | 'published'
  | 'reading back'
  | 'verifying';

/**
 * Told as an apply goes on, before and after each outside step, so that a run can be followed and resumed. Before a
 * submission it is told which deployments the org knows.
 */
export type Progress = (step: Step, detail?: string, before?: { readonly known: readonly string[] | null }) => void;
