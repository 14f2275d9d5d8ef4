/** A key pair that a rotation marked as compromised: no org and no endpoint may trust it again, under any name. */
export interface CompromisedKey {
  /** RFC 7638, SHA-256, base64url. It identifies the key pair, whatever its name, kid, or certificate. */
  readonly thumbprint: string;
  /** Developer name and kid of the key when it was marked. */
  readonly name: string;
  readonly kid: string;
  /** The keyset whose rotation marked it. */
  readonly keyset: string;
  /** UTC, ISO 8601. */
  readonly markedAt: string;
}

/** Names the key and the rotation that marked it, as a clause: `Old_Key, which the rotation of ... marked as compromised`. */
export const compromisedKeyText = ({ name, keyset, markedAt }: CompromisedKey): string =>
  `${name}, which the rotation of ${keyset} marked as compromised on ${markedAt.slice(0, 10)}`;
