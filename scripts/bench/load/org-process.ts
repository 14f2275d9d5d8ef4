import { generateKeyPairSync } from 'node:crypto';
import { startLocalOrg, type SeedFile } from '../../local-org/index';

// A local org as a process of its own: it takes its metadata from its parent, tells where it listens, and ends with it.
process.once('message', (seed: readonly SeedFile[]) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  void startLocalOrg({ alias: 'load', kind: 'sandbox', port: 0, loginKey: publicKey, seed }).then((org) => {
    process.once('disconnect', () => void org.close());
    process.send?.({ url: org.url, orgId: org.orgId });
  });
});
