import { main, reportFlags, type Verb } from './lib/cli';
import { withHosts } from './lib/run/hosts';
import { proofOptions, type ProofFlags } from './lib/run/proof-flags';

export const verify: Verb<ProofFlags> = {
  name: 'verify',
  summary: 'Proves that each org verifies its customers: a good token is accepted, every bad one is refused.',
  flags: (program) => proofOptions(reportFlags(program)),
  run: (context) => withHosts(context, async (hosts) => (await import('./lib/run')).runVerify(context, hosts)),
};

main(verify, module);
