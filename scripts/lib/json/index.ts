export { readJson, type JsonFile, type JsonProblem } from './read';
export { sameJson } from './same';
