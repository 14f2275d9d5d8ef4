export { annotationsText, withoutCommands } from './annotations';
export { documentText, type Document } from './document';
export { utc, type Holdings, type Report } from './report';
export type { Finding } from '../model';
export { findingsSummary, findingsText } from './findings';
export { matrixText } from './matrix';
export { faultText, impactText, LEGEND, outcomesText, planSummary, resultsText } from './outcomes';
export { proofText } from './proof';
export { count, styled, wrap, type Page } from './page';
