import { addDemoSiteFlags, type DemoSiteFlags } from './demo-site/flags';
import { main, type CommandDef } from './lib/cli';

/** Opens a shop of the project's own, whose chat knows its customers. */
export const demoSite: CommandDef<DemoSiteFlags> = {
  name: 'demo-site',
  summary: 'Serves a shop with a verified chat, its token endpoint and a local org, and shows every step between them.',
  flags: addDemoSiteFlags,
  run: async (context) => (await import('./demo-site/index')).runDemoSite(context),
};

main(demoSite, module);
