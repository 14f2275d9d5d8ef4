export { readOrgView } from './read-org-view';
