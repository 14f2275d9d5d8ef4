export { composeProject, loadProject, readProjectFiles, type Project, type ProjectFiles } from './load-project';
export { withCurrentTrust } from './accepted-trust';
export { applyOverride, composeOrg } from './compose-org';
export {
  loadOrgFiles,
  parseOrgFile,
  parseDefaults,
  parseOrgFiles,
  readOrgTexts,
  type LoadedOrgs,
} from './load-org-files';
export { defaultsJsonSchema, orgJsonSchema } from './org-json-schema';
export { toOrgId18 } from './org-id';
export { missingDirectoryFinding, readSource, type FileTexts, type Source } from './read-source';
export { composeMemberSite } from './member-site';
export { readProjectFile } from './project-file';
