export { readSource, type Source } from './read-source';
