export { readJson } from './read';
export { hasDuplicateMember } from './duplicate-member';
export { isSameJson } from './is-same';
export { issueText } from './issue-text';
export { isJsonObject, parseJsonObject, type JsonObject } from './json-object';
