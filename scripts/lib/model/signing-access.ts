import { createHash } from 'node:crypto';
import { componentsOf, keyOf, type SignerKey } from './component';
import { childrenOf, textAt } from './element';
import type { DesiredState } from './org';

/** The Apex of an org, or a credential that names a certificate. */
export interface OrgSigner {
  readonly component: SignerKey;
  /** The code or the metadata; for a package, its namespace. */
  readonly text: string;
}

/** What may sign with the certificates of an org whose keys the org trusts. */
export interface SigningAccess {
  /** Unique names of the certificates. Without one, nothing in the org can sign its tokens. */
  readonly certificates: readonly string[];
  /** All Apex that can be read, and the credentials that sign with one of the certificates. */
  readonly signers: readonly OrgSigner[];
  /** The packages with Apex that can't be read. */
  readonly packages: readonly OrgSigner[];
}

/**
 * The Apex that signs with a certificate of the org (Apex reference: Crypto.signWithCertificate, Auth.JWS). Crypto.sign needs the
 * private key itself, Crypto.signXML signs an XML element, and Auth.JWTUtil only reads tokens. Apex has no call by name, so each
 * of these calls is in the text.
 */
const SIGNING_CALL = callPattern(['Crypto', 'signWithCertificate'], ['Auth', 'JWS']);

/** Matches a name and its member, with whitespace and comments in between. */
function callPattern(...calls: readonly (readonly [type: string, member: string])[]): RegExp {
  const gap = String.raw`(?:\s|/\*[^]*?\*/|//[^\r\n]*)*`;
  const patterns = calls.map(([type, member]) => String.raw`\b${type}${gap}\.${gap}${member}\b`);
  return new RegExp(patterns.join('|'), 'i');
}

/** A string or a comment of Apex. A comment mark in a string isn't a comment. */
const STRING_OR_COMMENT = /'(?:\\.|[^'\\\r\n])*'|\/\*[^]*?\*\/|\/\/[^\r\n]*/g;

/** The code without its comments. A multiline string can contain quotes, so a text with one is returned as it is. */
export const withoutComments = (code: string): string =>
  code.includes("'''") ? code : code.replace(STRING_OR_COMMENT, (text) => (text.startsWith("'") ? text : ' '));

/** The signers that source doesn't declare and the org file doesn't accept. */
export function undeclaredSigners(
  { org, components }: Pick<DesiredState, 'org' | 'components'>,
  { signers }: Pick<SigningAccess, 'signers'>,
): readonly OrgSigner[] {
  const declared = new Map(componentsOf(components, 'ApexClass').map((each) => [keyOf(each).toLowerCase(), each]));
  const isDeclared = ({ component }: OrgSigner): boolean => declared.has(component.toLowerCase());
  const isAccepted = (signer: OrgSigner): boolean => acceptsSigner(org, signer);
  const trusted = signers.filter((each) => isDeclared(each) || isAccepted(each)).filter(isApex);
  const names = signingNames([
    ...[...declared.values()].map(({ fullName, root }) => ({ name: fullName, code: codeOf(contentOf(root)) })),
    ...trusted.map(({ component, text }) => ({ name: nameOf(component), code: codeOf(text) })),
  ]);
  return signers.filter(
    (each) => !isDeclared(each) && !isAccepted(each) && (!isApex(each) || canSign(codeOf(each.text), names)),
  );
}

/** Whether the org file accepts a signer: an entry names it with the fingerprint of its text. */
export const acceptsSigner = (
  { alsoTrusted }: Pick<DesiredState['org'], 'alsoTrusted'>,
  { component, text }: OrgSigner,
): boolean =>
  alsoTrusted.some(
    (entry) =>
      entry.component.toLowerCase() === component.toLowerCase() && entry.keys.includes(signerFingerprint(text)),
  );

/** The SHA-256 of a signer's text, which an org file names. A signer that changes isn't accepted any more. */
export const signerFingerprint = (text: string): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('base64url');

const isApex = ({ component }: OrgSigner): boolean => component.startsWith('Apex');

const nameOf = (component: string): string => component.slice(component.indexOf(':') + 1);

const contentOf = (root: Parameters<typeof childrenOf>[0]): string =>
  childrenOf(root, 'files')
    .map((file) => textAt(file, 'content') ?? '')
    .join('\n');

const codeOf = (text: string): string => withoutComments(text).toLowerCase();

/**
 * The lower-case names of the classes that sign, of those that use one of them, and of the interfaces and classes that these
 * implement and extend. Code that calls one of them can get a signature.
 */
function signingNames(classes: readonly { readonly name: string; readonly code: string }[]): ReadonlySet<string> {
  const known = new Set(classes.map(({ name }) => name.toLowerCase()));
  const names = new Set<string>();
  let before = -1;
  while (before < names.size) {
    before = names.size;
    for (const { name, code } of classes)
      if (canSign(code, names))
        [name.toLowerCase(), ...supertypesOf(code)]
          .filter((each) => known.has(each))
          .forEach((each) => names.add(each));
  }
  return names;
}

/** The types after `extends` and `implements`. */
const supertypesOf = (code: string): readonly string[] =>
  [...code.matchAll(/\b(?:extends|implements)\s+([\w.,\s<>]+?)\s*(?=\{|\bimplements\b)/g)].flatMap(([, list = '']) =>
    list.split(',').map((each) => each.trim()),
  );

function canSign(code: string, names: ReadonlySet<string>): boolean {
  if (SIGNING_CALL.test(code)) return true;
  return names.size > 0 && (code.match(/\b\w+\b/g) ?? []).some((word) => names.has(word));
}
