import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files as the programs of other teams write them. Each has an RSA key of 2048 bits unless its name says otherwise. */
export interface OpensslFiles {
  readonly text: (name: string) => string;
  readonly bytes: (name: string) => Buffer;
}

const LEAF_EXTENSIONS = '[leaf]\nbasicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n';
const CA_EXTENSIONS = '[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n';
const BOTH_EXTENSIONS = '[both]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature,keyCertSign\n';
const CONFIG = `[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=Unused\n${LEAF_EXTENSIONS}${CA_EXTENSIONS}${BOTH_EXTENSIONS}`;

/** Commands of openssl, in order. `root`, `issuing`, and `signer` are a chain of three; `own` is self-signed as in Salesforce's recipe. */
const COMMANDS: readonly string[] = [
  'req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.crt -days 3650 -subj /O=Acme/CN=Acme_Root_CA -config c.cnf -extensions ca',
  'req -newkey rsa:2048 -nodes -keyout issuing.key -out issuing.csr -subj /O=Acme/CN=Acme_Issuing_CA -config c.cnf',
  'x509 -req -in issuing.csr -CA root.crt -CAkey root.key -CAcreateserial -out issuing.crt -days 3650 -extfile c.cnf -extensions ca',
  'req -newkey rsa:2048 -nodes -keyout signer.key -out signer.csr -subj /O=Acme/CN=chat-token-signer -config c.cnf',
  'x509 -req -in signer.csr -CA issuing.crt -CAkey issuing.key -CAcreateserial -out signer.crt -days 3650 -extfile c.cnf -extensions leaf',
  'x509 -req -in signer.csr -CA issuing.crt -CAkey issuing.key -CAcreateserial -out renewed.crt -days 3651 -extfile c.cnf -extensions leaf',
  'req -x509 -newkey rsa:2048 -nodes -keyout own.key -out own.crt -days 3650 -subj /CN=chat.example.com',
  'req -x509 -new -key own.key -out test-ca.crt -days 3650 -subj /CN=Test_Root_CA',
  'req -x509 -new -key own.key -out ou-ca.crt -days 3650 -subj /O=Acme/OU=Issuing',
  'req -x509 -new -key own.key -out canada.crt -days 3650 -subj /C=CA/ST=CA/O=CA_Issuing_Ltd/CN=chat.example.ca',
  'req -x509 -new -key own.key -out auth0.crt -days 3650 -subj /CN=tenant.eu.auth0.com -config c.cnf -extensions both',
  'req -x509 -newkey rsa:2048 -nodes -keyout next.key -out auth0-next.crt -days 3650 -subj /CN=tenant.eu.auth0.com/O=next -config c.cnf -extensions both',
  'req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.crt -days 3650 -subj /CN=other.example.com -config c.cnf -extensions leaf',
  'x509 -in signer.crt -outform der -out signer.cer',
  'x509 -in signer.crt -text -noout -out signer.txt',
  'x509 -in signer.crt -trustout -addtrust clientAuth -out trusted.crt',
  'req -in signer.csr -outform der -out signer-csr.der',
  'rsa -in signer.key -pubout -out signer.pub',
  'rsa -in signer.key -traditional -out signer.pkcs1.key',
  'rsa -in signer.key -traditional -aes256 -passout pass:x -out signer.legacy.key',
  'pkcs8 -topk8 -in signer.key -passout pass:x -out signer.encrypted.key',
  'pkcs8 -topk8 -in signer.key -nocrypt -outform der -out signer.key.der',
  'pkcs8 -topk8 -in signer.key -passout pass:x -outform der -out signer.encrypted.der',
  'pkcs12 -export -inkey signer.key -in signer.crt -certfile issuing.crt -name signer -passout pass:x -out signer.p12',
  'pkcs12 -in signer.p12 -nodes -passin pass:x -out signer.attributes.pem',
  'pkcs12 -in signer.p12 -nokeys -passin pass:x -out signer.attributes.crt',
  'crl2pkcs7 -nocrl -certfile signer.crt -certfile issuing.crt -out signer.p7b',
  'crl2pkcs7 -nocrl -certfile signer.crt -outform der -out signer.p7b.der',
  'rsa -in signer.key -outform MSBLOB -out signer.msblob',
  'rsa -in signer.key -pubout -outform MSBLOB -out signer.public.msblob',
  'rsa -in signer.key -text -noout -out signer.key.txt',
  'rsa -in signer.key -modulus -noout -out signer.modulus.txt',
  'ecparam -name prime256v1 -genkey -out ec.key',
  'req -x509 -new -key ec.key -out ec.crt -days 3650 -subj /CN=ec.example.com',
  'genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.key',
  'req -x509 -newkey rsa:1024 -nodes -keyout short.key -out short.crt -days 3650 -subj /CN=short.example.com -config c.cnf -extensions leaf',
];

/** Creates the files in a folder that is deleted at once, so that no private key stays on the disk. */
export function createOpensslFiles(): OpensslFiles {
  const folder = mkdtempSync(join(tmpdir(), 'key-files-'));
  try {
    writeFileSync(join(folder, 'c.cnf'), CONFIG);
    for (const command of COMMANDS) execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'pipe' });
    const files = new Map(names().map((name) => [name, readFileSync(join(folder, name))]));
    const bytes = (name: string): Buffer => files.get(name) ?? Buffer.alloc(0);
    return { bytes, text: (name) => bytes(name).toString('utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const names = (): readonly string[] => [
  ...new Set(
    COMMANDS.flatMap((command) => [...command.matchAll(/-(?:out|keyout) (\S+)/g)].map(([, name = '']) => name)),
  ),
];
