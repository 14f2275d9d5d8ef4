import { npmRun } from '../lib/model';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../lib/cli';
import { EXIT, ToolError, type ExitCode } from '../lib/errors';
import { webSnippet } from '../lib/client-kit/web-snippet';
import { withCliWorkers } from '../lib/rollout';
import type { DemoSiteFlags } from './flags';
import { startDemo, type Demo } from './demo';
import { readPage } from './shop-files';
import { PAGE_PATH } from './shop';

/** Starts the shop, prints its URL, and stops everything when the user ends the command. */
export async function runDemoSite(context: Context<DemoSiteFlags>): Promise<ExitCode> {
  const stopped = context.untilStopped();
  const folder = mkdtempSync(join(tmpdir(), 'user-verification-demo-'));
  try {
    context.log('Starting a local org and deploying to it ...');
    const { port, project, page } = context.flags;
    if (page !== undefined) readPage(page);
    const demo = await withCliWorkers(
      context,
      (workers) => startDemo({ workers, folder, port, project, page }),
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

function announce({ flags, print, printJson }: Context<DemoSiteFlags>, { url, org, connection }: Demo): void {
  printJson(JSON.stringify({ command: 'demo-site', url, org: org.url }));
  if (flags.json) return;
  const snippetTitle =
    flags.page === undefined
      ? `To use a page of your own: ${npmRun('demo-site', '--page', 'FILE')}\nIts snippet is:`
      : `Your page (log in to the shop first): ${url}${PAGE_PATH}\nIts snippet is:`;
  print(
    [
      `Demo shop: ${url}`,
      'Log in as a customer, open the chat, and follow the events in the inspector.',
      '',
      snippetTitle,
      '',
      webSnippet(connection),
      '',
      'The signing key is new and exists only in this process. Press Ctrl+C to stop and to delete everything.',
    ].join('\n'),
  );
}

function throwPortTaken(thrown: unknown): never {
  if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
  throw new ToolError(
    'port-taken',
    {
      what: "The demo shop can't start.",
      why: 'Another program uses its port.',
      fix: `Use any free port: ${npmRun('demo-site', '--port', '0')}`,
    },
    { cause: thrown },
  );
}
