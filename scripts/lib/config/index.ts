export { ORGS_FOLDER } from './folder';
export { readOrg, readOrgs, type Orgs } from './read-orgs';
export { orgSchema } from './schema';
export { to18 } from './org-id';
