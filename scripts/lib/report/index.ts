export { documentText, type Document } from './document';
export { findingsSummary, findingsText } from './findings';
export { matrixText } from './matrix';
export { deploySummary, faultText, outcomesText, outcomeText, planSummary } from './outcomes';
export { count, styled, wrap, type Page } from './page';
