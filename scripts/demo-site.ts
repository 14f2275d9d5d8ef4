import { demoFlags, type DemoFlags } from './demo-site/flags';
import { main, type Verb } from './lib/cli';

/** Opens a shop of the project's own, whose chat knows its customers. */
export const demoSite: Verb<DemoFlags> = {
  name: 'demo-site',
  summary: 'Serves a shop with a verified chat, its token endpoint and a local org, and shows every step between them.',
  flags: demoFlags,
  run: async (context) => (await import('./demo-site/index')).runDemoSite(context),
};

main(demoSite, module);
