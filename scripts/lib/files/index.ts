export { readRegularFile, syncFolder, withPath, writeAtomic } from './write-atomic';
export { hasDuplicateMember } from './duplicate-member';
export { isSameJson } from './is-same';
export { issueSentence, issueText } from './issue-text';
export { isJsonObject, parseJsonObject, type JsonObject } from './json-object';
export { readJson } from './read-json';
