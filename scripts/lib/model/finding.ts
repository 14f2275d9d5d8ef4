/** Severity of a finding. An error stops every command before it contacts an org. */
export type Severity = 'error' | 'warning' | 'note';

/** A rule violation in source, in an org file, or in an org, with its fix. */
export interface Finding {
  /** Stable ID of the rule, e.g. `auth-without-authorization`. */
  readonly rule: string;
  readonly severity: Severity;
  /** `MessagingChannel:Web_Chat`, or empty if the finding is about a whole file. */
  readonly component: string;
  /** Dotted path of the element, e.g. `embeddedConfig.authMode`. */
  readonly path: string;
  /** Relative to the project. */
  readonly file: string;
  /** 1-based; 0 if the finding is about the whole file. */
  readonly line: number;
  /** The violation and its consequence. */
  readonly message: string;
  /** One action or command that fixes the violation. */
  readonly fix: string;
}

export const hasError = (findings: readonly Finding[]): boolean =>
  findings.some((finding) => finding.severity === 'error');
