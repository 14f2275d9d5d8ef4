export { CHECK_GROUPS, type CheckGroup } from './check';
export { readOrgView, fetchJwks } from './read-org-view';
export { verifyOrg, type VerificationResult } from './verify-org';
export type { VerifyOptions, OrgUnderTest } from './context';
