/** The kind of key that the reader of a file needs: a public key (or its certificate) to trust, or a private key to sign with. */
export type Purpose = 'public' | 'private';

/** Why a file can't be used, with a stable code. The texts repeat nothing of the file, because it can be a secret. */
export interface KeyFileProblem {
  readonly code: KeyFileCode;
  readonly message: string;
  readonly fix: string;
}

export type KeyFileCode =
  | 'key-empty'
  | 'key-too-large'
  | 'key-encoding'
  | 'key-layout'
  | 'key-store'
  | 'key-unknown'
  | 'key-json'
  | 'key-passphrase'
  | 'key-several'
  | 'key-type'
  | 'private-key'
  | 'private-key-missing'
  | 'pem-cut-off'
  | 'pem-unreadable'
  | 'pem-kind'
  | 'certificate-ca'
  | 'certificate-several'
  | 'jwks-discovery';

export const keyFileProblem = (code: KeyFileCode, message: string, fix: string): KeyFileProblem => ({
  code,
  message,
  fix,
});

/** Which file to specify instead. */
export const SPECIFY: Readonly<Record<Purpose, string>> = {
  public: 'Specify a PEM certificate, a PEM public key with --certificate, a JWK, or a JWKS document.',
  private: 'Specify the private key as PEM (BEGIN PRIVATE KEY) or as a JWK.',
};
