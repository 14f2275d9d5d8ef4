import type { XmlElement } from '../metadata/xml';
import type { Org } from '../org/org';
import type { RawXml, SoapValue } from './soap-message';

/** One operation of the Metadata API. */
export type Operation = (
  org: Org,
  parameters: XmlElement,
  version: number,
) => SoapValue | RawXml | Promise<SoapValue | RawXml>;
