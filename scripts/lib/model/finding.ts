/** How bad a finding is: an error stops every command before an org is contacted. */
export type Severity = 'error' | 'warning' | 'note';

/** One thing wrong with the source, the configuration or an org, with what to do about it. */
export interface Finding {
  /** Stable name of the rule, e.g. `auth-without-authorization`. */
  readonly rule: string;
  readonly severity: Severity;
  /** `MessagingChannel:Web_Chat`, or empty when the finding is about a file as a whole. */
  readonly component: string;
  /** Dotted path of the element, e.g. `embeddedConfig.authMode`. */
  readonly path: string;
  /** Relative to the project. */
  readonly file: string;
  /** 1-based; 0 when the finding is about the file as a whole. */
  readonly line: number;
  /** What is wrong, and why that matters. */
  readonly message: string;
  /** What to do. */
  readonly fix: string;
}

export const hasError = (findings: readonly Finding[]): boolean =>
  findings.some((finding) => finding.severity === 'error');
