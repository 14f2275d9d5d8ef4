import assert from 'node:assert/strict';
import { readXml } from '../../../lib/metadata';
import { EMPTY_ORG_SETTINGS, mapOf, type Component, type DesiredState, type OrgConfig } from '../../../lib/model';

const ORG: OrgConfig = {
  alias: 'dev',
  file: 'config/orgs/dev.json',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  ...EMPTY_ORG_SETTINGS,
};

/** A component read from a file of the source; without `file`, one read from an org. */
export const readComponent = (type: Component['type'], fullName: string, text: string, file?: string): Component => {
  const { root } = readXml(text, file);
  return { type, fullName, root: root ?? assert.fail('not readable') };
};

/** The desired state of an org with only these components. */
export const desiredState = (...components: Component[]): DesiredState => ({
  org: ORG,
  components: mapOf(components),
  compromised: [],
});
