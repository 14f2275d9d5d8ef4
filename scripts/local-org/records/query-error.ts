import { ApiError } from '../api-error';

const CUSTOM_HINT = 'Please reference your WSDL or the describe call for the appropriate names.';

/** An error of a query, with a pointer to the position in Salesforce's format. */
function queryError(code: string, text: string, position: number, message: string): ApiError {
  const at = Math.min(position, text.length);
  return new ApiError(code, `\n${text}\n${' '.repeat(at)}^\nERROR at Row:1:Column:${at + 1}\n${message}`);
}

export function malformedQueryError(text: string, position: number, token: string): ApiError {
  return queryError('MALFORMED_QUERY', text, position, `unexpected token: '${token || '<EOF>'}'`);
}

export function unknownFieldError(text: string, position: number, field: string, entity: string): ApiError {
  const hint = "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.";
  return queryError(
    'INVALID_FIELD',
    text,
    position,
    `No such column '${field}' on entity '${entity}'. ${hint} ${CUSTOM_HINT}`,
  );
}

export function unknownRelationshipError(text: string, position: number, name: string): ApiError {
  return queryError('INVALID_FIELD', text, position, `Didn't understand relationship '${name}' in field path.`);
}

export function unsupportedTypeError(text: string, position: number, type: string): ApiError {
  const hint = "If you are attempting to use a custom object, be sure to append the '__c' after the entity name.";
  return queryError('INVALID_TYPE', text, position, `sObject type '${type}' is not supported. ${hint} ${CUSTOM_HINT}`);
}
