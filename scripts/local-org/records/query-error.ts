import { Fault } from '../fault';

const CUSTOM_HINT = 'Please reference your WSDL or the describe call for the appropriate names.';

/** A query that cannot be answered, with Salesforce's pointer into its text. */
function pointing(code: string, text: string, position: number, what: string): Fault {
  const at = Math.min(position, text.length);
  return new Fault(code, `\n${text}\n${' '.repeat(at)}^\nERROR at Row:1:Column:${at + 1}\n${what}`);
}

export function malformed(text: string, position: number, found: string): Fault {
  return pointing('MALFORMED_QUERY', text, position, `unexpected token: '${found || '<EOF>'}'`);
}

export function unknownField(text: string, position: number, field: string, entity: string): Fault {
  const hint = "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.";
  return pointing(
    'INVALID_FIELD',
    text,
    position,
    `No such column '${field}' on entity '${entity}'. ${hint} ${CUSTOM_HINT}`,
  );
}

export function unknownRelationship(text: string, position: number, name: string): Fault {
  const what = `Didn't understand relationship '${name}' in field path.`;
  return pointing('INVALID_FIELD', text, position, what);
}

export function unsupportedType(text: string, position: number, type: string): Fault {
  const hint = "If you are attempting to use a custom object, be sure to append the '__c' after the entity name.";
  return pointing('INVALID_TYPE', text, position, `sObject type '${type}' is not supported. ${hint} ${CUSTOM_HINT}`);
}
