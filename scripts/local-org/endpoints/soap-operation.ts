import type { XmlElement } from '../metadata/xml';
import type { Org } from '../org/org';
import type { RawXml, SoapValue } from './soap-message';

/** An operation of the SOAP Metadata API. */
export type Operation = (
  org: Org,
  parameters: XmlElement,
  version: number,
) => SoapValue | RawXml | Promise<SoapValue | RawXml>;
