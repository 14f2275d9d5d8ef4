export { readJson } from './read';
export { isSameJson } from './is-same';
export { isJsonObject, parseJsonObject, type JsonObject } from './json-object';
