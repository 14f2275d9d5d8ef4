import { z } from 'zod';
import { EXIT, ToolError } from '../errors';
import { readXml } from '../metadata';
import { isComponentType, type Component, type ComponentKey, type State } from '../model';
import { isWhole } from './digest';
import { document, type OrgDocument, type StateDocument } from './document';
import type { Sealed, SealedOrg } from './seal';

/**
 * Reads a sealed plan or a snapshot. Throws `plan-broken` when a byte was changed or it is none; `file` names it in the
 * error. No org was contacted then.
 */
export function unseal(text: string, file: string, what: Sealed['what']): Sealed {
  if (!isWhole(text)) throw broken(file, 'Its digest does not fit: it is cut off, or something in it was changed.');
  const { data, error } = document.safeParse(withoutDigest(text));
  if (!data) throw broken(file, z.prettifyError(error).replace(/\s+/g, ' '));
  if (data.what !== what) throw broken(file, `It is a ${data.what}, no ${what}.`);
  const orgs = data.orgs.map((org) => orgOf(org, file));
  return { ...data, made: new Date(data.made), orgs };
}

function withoutDigest(text: string): unknown {
  const { digest: _digest, ...rest } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return rest;
}

function orgOf({ changes, to, publish, from, ...org }: OrgDocument, path: string): SealedOrg {
  const way = { from: stateOf(from, path), to: stateOf(to, path), publish };
  const { alias, orgId, kind, wave, file, scrt2URL } = org;
  return { org: { alias, orgId, kind, wave, file, ...(scrt2URL !== undefined && { scrt2URL }) }, changes, way };
}

const stateOf = ({ sent, channels, components }: StateDocument, file: string): State => ({
  sent,
  channels: new Map(Object.entries(channels)),
  components: new Map(
    Object.entries(components).map(([key, lines]): [ComponentKey, Component | null] => [
      key as ComponentKey,
      lines && componentOf(key, lines.join('\n'), file),
    ]),
  ),
});

function componentOf(key: string, text: string, file: string): Component {
  const [type = '', fullName = ''] = key.split(/:(.*)/s);
  const { root, problem } = readXml(text);
  if (root?.name === type && isComponentType(type)) return { type, fullName, root };
  throw broken(file, `${key}: ${problem?.message ?? 'It is metadata of another type.'}`);
}

const broken = (file: string, why: string): ToolError =>
  new ToolError(
    'plan-broken',
    {
      what: `${file} cannot be used. No org was contacted.`,
      why,
      fix: 'Take the file again from where it was made, unchanged, or make a new plan with: npm run plan -- --out FILE.',
    },
    { exit: EXIT.invalid },
  );
