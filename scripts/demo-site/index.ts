import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../lib/cli';
import { EXIT, ToolError, type ExitCode } from '../lib/errors';
import { withCliWorkers } from '../lib/rollout';
import type { DemoSiteFlags } from './flags';
import { startDemo, type Demo } from './demo';
import { readPage } from './shop-files';
import { PAGE_PATH } from './shop';
import { codeSnippet } from './code-snippet';

/** Opens the shop, says where it is, and closes everything when the user ends the command. */
export async function runDemoSite(context: Context<DemoSiteFlags>): Promise<ExitCode> {
  const stopped = context.untilStopped();
  const folder = mkdtempSync(join(tmpdir(), 'user-verification-demo-'));
  try {
    context.log('Starting a local org and deploying to it with the real CLI ...');
    const { port, project, page } = context.flags;
    if (page !== undefined) readPage(page);
    const demo = await withCliWorkers(
      context,
      (hosts) => startDemo({ hosts, folder, port, project, page }),
      folder,
    ).catch(throwPortTaken);
    try {
      announce(context, demo);
      await stopped;
    } finally {
      await demo.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return EXIT.done;
}

function announce({ flags, print, printJson }: Context<DemoSiteFlags>, { url, org }: Demo): void {
  printJson(JSON.stringify({ command: 'demo-site', url, org: org.url }));
  if (flags.json) return;
  const own =
    flags.page === undefined
      ? 'For a page of your own (--page FILE)'
      : `Your page, once you are logged in at the shop: ${url}${PAGE_PATH}\nFor it`;
  print(
    [
      `The shop is open: ${url}`,
      'Log in as one of its customers, open the chat, and watch the panel beside it.',
      '',
      `${own}, the code snippet of the chat is:`,
      '',
      codeSnippet(org),
      '',
      'The key that signs was made just now and lives in this process only. Stop with Ctrl+C; nothing is left behind.',
    ].join('\n'),
  );
}

function throwPortTaken(thrown: unknown): never {
  if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
  throw new ToolError(
    'port-taken',
    {
      what: 'The shop cannot open.',
      why: 'Another program listens at its port.',
      fix: 'Name another one: npm run demo-site -- --port 0.',
    },
    { cause: thrown },
  );
}
