export { loadProject, type Project, type Selection } from './project';
