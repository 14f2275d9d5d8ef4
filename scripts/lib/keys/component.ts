import { elementAt, leaf, parent, type Component, type Element } from '../model';
import { labelOf } from './name';
import { jwkText, type PublicJwk } from './public-jwk';

/** A key as it stands in the source: active, so that it counts once a keyset lists it. */
export const keyComponent = (fullName: string, jwk: PublicJwk): Component => ({
  type: 'PublicKeyCertificate',
  fullName,
  root: parent('PublicKeyCertificate', [
    leaf('isActive', 'true'),
    leaf('jsonWebKey', jwkText(jwk)),
    leaf('masterLabel', labelOf(fullName).slice(0, 80)),
  ]),
});

/** The key with another JWK; everything else that its file states stays. */
export const withJwk = ({ root, ...rest }: Component, jwk: PublicJwk): Component => ({
  ...rest,
  root: withLeaf(root, 'jsonWebKey', jwkText(jwk)),
});

/** The element with another text in one of its leaves. Where there is none yet, it is put where Salesforce writes it. */
export function withLeaf(root: Element, name: string, text: string): Element {
  if (elementAt(root, name)) {
    return { ...root, children: root.children.map((child) => (child.name === name ? { ...child, text } : child)) };
  }
  const next = root.children.findIndex((child) => child.name > name);
  const at = next < 0 ? root.children.length : next;
  return { ...root, children: [...root.children.slice(0, at), leaf(name, text), ...root.children.slice(at)] };
}
