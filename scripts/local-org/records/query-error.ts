import { ApiError, UnsupportedError } from '../api-error';

const CUSTOM_HINT = 'Please reference your WSDL or the describe call for the appropriate names.';

/** A message with a pointer to the position in Salesforce's format. */
function queryMessage(text: string, position: number, message: string): string {
  const at = Math.min(position, text.length);
  return `\n${text}\n${' '.repeat(at)}^\nERROR at Row:1:Column:${at + 1}\n${message}`;
}

/**
 * An error of a query. The local org knows a part of SOQL, of the objects, and of their fields, so it can't tell an invalid query
 * from one that only Salesforce supports.
 */
const queryError = (code: string, text: string, position: number, message: string): UnsupportedError =>
  new UnsupportedError(
    code,
    `${queryMessage(text, position, message)} If Salesforce accepts this query, it is not supported by the local org.`,
  );

export function malformedQueryError(text: string, position: number, token: string): UnsupportedError {
  return queryError('MALFORMED_QUERY', text, position, `unexpected token: '${token || '<EOF>'}'`);
}

export function unknownFieldError(text: string, position: number, field: string, entity: string): UnsupportedError {
  const hint = "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.";
  return queryError(
    'INVALID_FIELD',
    text,
    position,
    `No such column '${field}' on entity '${entity}'. ${hint} ${CUSTOM_HINT}`,
  );
}

export function unknownRelationshipError(text: string, position: number, name: string): UnsupportedError {
  return queryError('INVALID_FIELD', text, position, `Didn't understand relationship '${name}' in field path.`);
}

/** Objects that Salesforce has only in a Dev Hub or with source tracking. The CLI asks for them to detect both. */
const OBJECTS_OF_OTHER_ORGS: readonly string[] = ['scratchorginfo', 'activescratchorg', 'sourcemember'];

export function unsupportedTypeError(text: string, position: number, type: string): ApiError {
  const hint = "If you are attempting to use a custom object, be sure to append the '__c' after the entity name.";
  const message = `sObject type '${type}' is not supported. ${hint} ${CUSTOM_HINT}`;
  return OBJECTS_OF_OTHER_ORGS.includes(type.toLowerCase())
    ? new ApiError('INVALID_TYPE', queryMessage(text, position, message))
    : queryError('INVALID_TYPE', text, position, message);
}
