import { isText, membersOf } from './body';
import { Refusal } from './refusal';

export type ApiVersion = 1 | 2;

/** What a client asks for when it wants an access token. */
export interface TokenRequest {
  readonly version: ApiVersion;
  readonly orgId: string;
  readonly deployment: string;
  readonly deviceId?: string;
  /** absent in the request of a guest; empty when there is none although there should be */
  readonly identityToken?: string;
}

interface Shape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

// v2: Messaging for In-App and Web API reference. v1: seen in public clients; "extra properties are refused" was seen
// there, and is taken for both.
const SHAPES: Readonly<Record<ApiVersion, Shape>> = {
  1: { required: ['orgId', 'developerName', 'capabilitiesVersion'], optional: ['deviceId'] },
  2: {
    required: ['orgId', 'esDeveloperName', 'capabilitiesVersion', 'platform'],
    optional: ['deviceId', 'context', 'captchaToken'],
  },
};

const VERIFIED: Shape = { required: ['authorizationType'], optional: ['customerIdentityToken'] };

/** Reads the body of a request for an access token; refuses one with missing, unknown or wrong members. */
export function readTokenRequest(body: Buffer, version: ApiVersion, verified: boolean): TokenRequest {
  const members = membersOf(body);
  const shape = SHAPES[version];
  const parts = verified ? [shape, VERIFIED] : [shape];
  const required = parts.flatMap((part) => part.required);
  const known = [...required, ...parts.flatMap((part) => part.optional)];
  if (!required.every((name) => isText(members[name]))) throw new Refusal('body');
  if (!Object.keys(members).every((name) => known.includes(name))) throw new Refusal('body');
  if (verified && members['authorizationType'] !== 'JWT') throw new Refusal('body');
  const { orgId, deviceId, customerIdentityToken: token } = members;
  const deployment = members[version === 1 ? 'developerName' : 'esDeveloperName'];
  return {
    version,
    orgId: String(orgId),
    deployment: String(deployment),
    ...(isText(deviceId) && { deviceId }),
    ...(verified && { identityToken: isText(token) ? token : '' }),
  };
}
