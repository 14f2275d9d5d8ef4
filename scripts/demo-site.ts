import { addDemoSiteFlags, type DemoSiteFlags } from './demo-site/flags';
import { main, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';

/** Serves a demo shop with a verified chat. */
export const demoSite: CommandDef<DemoSiteFlags> = {
  name: 'demo-site',
  summary: 'Serve a demo shop with verified chat, a token endpoint, and a local org on this machine.',
  examples: [
    ['Serve the demo shop:', 'npm run demo-site'],
    ['Try a page of your own against the same org and token endpoint:', 'npm run demo-site -- --page shop.html'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  flags: addDemoSiteFlags,
  run: async (context) => (await import('./demo-site/index')).runDemoSite(context),
};

main(demoSite, module);
