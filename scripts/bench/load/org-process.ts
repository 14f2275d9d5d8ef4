import { generateKeyPairSync } from 'node:crypto';
import { startLocalOrg, type SeedFile } from '../../local-org/index';

// A local org in a separate process: it gets its metadata from the parent, sends back its URL, and ends with the parent.
process.once('message', (seed: readonly SeedFile[]) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  void startLocalOrg({ alias: 'load', kind: 'sandbox', port: 0, loginKey: publicKey, seed }).then((org) => {
    process.once('disconnect', () => void org.close());
    process.send?.({ url: org.url, orgId: org.orgId });
  });
});
