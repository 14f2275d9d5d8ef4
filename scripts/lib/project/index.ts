export { loadProject, type Project } from './load-project';
export { withCurrentTrust } from './accepted-trust';
export { composeOrg } from './compose-org';
export { ORGS_FOLDER } from './orgs-folder';
export { parseOrgFile, loadOrgFiles, type LoadedOrgs } from './load-org-files';
export { orgJsonSchema } from './org-json-schema';
export { toOrgId18 } from './org-id';
export { readSource, type Source } from './read-source';
