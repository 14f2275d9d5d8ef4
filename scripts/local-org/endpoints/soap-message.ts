import { xml, type Response } from '../http/message';
import { ApiError, Disconnect, UNSUPPORTED_HEADER, UnsupportedError } from '../api-error';
import { MalformedXml } from '../metadata/malformed-xml';
import { child, childText, escapeXml, METADATA_NAMESPACE, parseXml, type XmlElement } from '../metadata/xml';

/** A call of the SOAP Metadata API. */
export interface SoapCall {
  readonly sessionId: string | undefined;
  readonly allOrNone: boolean;
  readonly operation: string;
  readonly parameters: XmlElement;
}

/** A value in a SOAP response. Undefined fields are omitted, and lists are repeated elements. */
export type SoapValue =
  string | number | boolean | undefined | readonly SoapValue[] | { readonly [name: string]: SoapValue };

/** Markup that is added to a response unchanged. */
export class RawXml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Parses a SOAP envelope. */
export function readCall(body: Buffer): SoapCall {
  const envelope = readEnvelope(body);
  const header = child(envelope, 'Header');
  const session = child(header, 'SessionHeader');
  const allOrNone = childText(child(header, 'AllOrNoneHeader'), 'allOrNone') === 'true';
  const parameters = child(envelope, 'Body')?.children[0];
  if (envelope.name !== 'Envelope' || !parameters) throw new ApiError('INVALID_SOAP_HEADER', 'missing soap body');
  return { sessionId: childText(session, 'sessionId'), allOrNone, operation: parameters.name, parameters };
}

function readEnvelope(body: Buffer): XmlElement {
  try {
    return parseXml(body.toString('utf8'));
  } catch (error) {
    if (!(error instanceof MalformedXml)) throw error;
    throw new ApiError('INVALID_SOAP_HEADER', `The request is not XML: ${error.message}`);
  }
}

/** The response to a call. jsforce expects Envelope and Body with a namespace prefix. */
export function soapResponse(operation: string, result: SoapValue | RawXml): Response {
  const results = result instanceof RawXml ? result.text : elements('result', result);
  return envelope(`<${operation}Response>${results}</${operation}Response>`, 200);
}

/** Formats an error as a SOAP fault: status 500, with the code twice. Rethrows a Disconnect. */
export function faultResponse(error: unknown): Response {
  if (error instanceof Disconnect) throw error;
  const code = error instanceof ApiError ? error.code : 'UNKNOWN_EXCEPTION';
  const text = escapeXml(error instanceof Error ? error.message : String(error));
  const fault = `<faultcode>sf:${code}</faultcode><faultstring>${code}: ${text}</faultstring>`;
  const response = envelope(`<soapenv:Fault>${fault}</soapenv:Fault>`, 500);
  return error instanceof UnsupportedError ? { ...response, headers: UNSUPPORTED_HEADER } : response;
}

/** Formats a value as elements with a name. */
export function elements(name: string, value: SoapValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((entry: SoapValue) => elements(name, entry)).join('');
  return `<${name}>${contentOf(value)}</${name}>`;
}

function contentOf(value: SoapValue): string {
  if (typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .map(([name, inner]: [string, SoapValue]) => elements(name, inner))
    .join('');
}

function envelope(content: string, status: number): Response {
  return xml(
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
      ` xmlns:sf="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` +
      ` xmlns="${METADATA_NAMESPACE}"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`,
    status,
  );
}
