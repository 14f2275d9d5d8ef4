import { decodeOffer } from './encoding';
import { takeJson } from './json-key';
import { refuse, type Offer, type Taken, type Wanted } from './material';
import { takePem } from './pem';

/**
 * Takes a public key out of what is offered: PEM or JSON, told apart by how it begins. Whatever is offered is answered;
 * nothing of it is repeated in a message, for it may be a secret.
 */
export function takeKeyFrom(offer: Offer, wanted: Wanted): Taken {
  const { text, refused } = decodeOffer(offer) as { text?: string; refused?: Taken };
  if (refused) return refused;
  const trimmed = (text ?? '').trim();
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File/.test(trimmed))
    return refuse(offer.from, 'private-key', PRIVATE, PUBLIC);
  if (/^[{["]/.test(trimmed)) return takeJson(offer.from, trimmed, wanted);
  if (trimmed.includes('-----BEGIN ')) return takePem(offer.from, trimmed, wanted);
  return refuse(offer.from, 'key-unknown', kindOf(trimmed), FORMS);
}

const PRIVATE = 'It is a private key, or holds one. It was not taken, and does not belong where others can read it.';
const PUBLIC = 'Name the certificate of the key; only its public half is ever needed here.';
const FORMS = 'Name a PEM certificate, a PEM public key with --certificate, a JWK or a JWKS.';

/** What texts that are neither PEM nor JSON mostly are. */
function kindOf(text: string): string {
  if (text === '') return 'There is no text, only blanks.';
  if (/^(ssh-|ecdsa-)/.test(text)) return 'It is a key for SSH.';
  if (text.startsWith('<')) return 'It is a web page or XML, no key.';
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return 'It is a token, no key.';
  if (/^[A-Za-z0-9+/=\s]+$/.test(text)) return 'It is base64 without the BEGIN and END lines of PEM.';
  return 'It is neither PEM nor JSON.';
}
