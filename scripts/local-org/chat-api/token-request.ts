import { isNonEmptyString, parseJsonObject } from './body';
import { Rejection } from './rejection';

export type ApiVersion = 1 | 2;

/** The parameters of a request for an access token. */
export interface TokenRequest {
  readonly version: ApiVersion;
  readonly orgId: string;
  readonly deployment: string;
  readonly deviceId?: string;
  /** undefined for an unverified user; empty if a request for a verified user has none */
  readonly identityToken?: string;
}

interface BodyShape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

// v2: Messaging for In-App and Web API reference. v1: observed in public clients. That extra properties are rejected was
// observed in v1, and is assumed for v2.
const BODY_SHAPES: Readonly<Record<ApiVersion, BodyShape>> = {
  1: { required: ['orgId', 'developerName', 'capabilitiesVersion'], optional: ['deviceId'] },
  2: {
    required: ['orgId', 'esDeveloperName', 'capabilitiesVersion', 'platform'],
    optional: ['deviceId', 'context', 'captchaToken'],
  },
};

const VERIFIED_SHAPE: BodyShape = { required: ['authorizationType'], optional: ['customerIdentityToken'] };

/** Parses a request for an access token. Throws a Rejection if members are missing, unknown, or invalid. */
export function parseTokenRequest(body: Buffer, version: ApiVersion, verified: boolean): TokenRequest {
  const members = parseJsonObject(body);
  const shape = BODY_SHAPES[version];
  const shapes = verified ? [shape, VERIFIED_SHAPE] : [shape];
  const required = shapes.flatMap((part) => part.required);
  const known = [...required, ...shapes.flatMap((part) => part.optional)];
  if (!required.every((name) => isNonEmptyString(members[name]))) throw new Rejection('body');
  if (!Object.keys(members).every((name) => known.includes(name))) throw new Rejection('body');
  if (verified && members['authorizationType'] !== 'JWT') throw new Rejection('body');
  const { orgId, deviceId, customerIdentityToken: token } = members;
  const deployment = members[version === 1 ? 'developerName' : 'esDeveloperName'];
  return {
    version,
    orgId: String(orgId),
    deployment: String(deployment),
    ...(isNonEmptyString(deviceId) && { deviceId }),
    ...(verified && { identityToken: isNonEmptyString(token) ? token : '' }),
  };
}
