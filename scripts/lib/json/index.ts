export { readJson } from './read';
export { hasDuplicateMember } from './duplicate-member';
export { isSameJson } from './is-same';
export { issueSentence, issueText } from './issue-text';
export { isJsonObject, parseJsonObject, type JsonObject } from './json-object';
