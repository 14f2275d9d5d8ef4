export { loadProject, type Project, type OrgSelection } from './load-project';
export { composeOrg, type ComposeResult } from './compose-org';
export { ORGS_FOLDER } from './orgs-folder';
export { parseOrgFile, loadOrgFiles, type LoadedOrgs } from './load-org-files';
export { orgJsonSchema } from './org-json-schema';
export { toOrgId18 } from './org-id';
export { readSource, type Source } from './read-source';
