export { readJson } from './read';
export { hasDuplicateMember } from './duplicate-member';
export { isSameJson } from './is-same';
export { isJsonObject, parseJsonObject, type JsonObject } from './json-object';
