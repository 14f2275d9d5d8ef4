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
import type { ShopConnections } from './shop-org';

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

function announce({ flags, print, printJson }: Context<DemoSiteFlags>, demo: Demo): void {
  printJson(JSON.stringify({ command: 'demo-site', url: demo.url, org: demo.org.url }));
  if (!flags.json) print(announcement(demo, flags.page !== undefined));
}

/** What the command prints when the shop is ready. A page of the user can choose between two chat deployments. */
export function announcement(
  { url, connection, unverifiedConnection }: Pick<Demo, 'url' | keyof ShopConnections>,
  hasPage: boolean,
): string {
  const unverifiedSnippet =
    hasPage && unverifiedConnection
      ? ['The snippet of the chat deployment for unverified users is:', '', webSnippet(unverifiedConnection), '']
      : [];
  return [
    `Demo shop: ${url}`,
    'Log in as a customer, open the chat, and follow the events in the inspector.',
    '',
    hasPage
      ? `Your page (log in to the shop first): ${url}${PAGE_PATH}\nIts snippet is:`
      : `To use a page of your own: ${npmRun('demo-site', '--page', 'FILE')}\nIts snippet is:`,
    '',
    webSnippet(connection),
    '',
    ...unverifiedSnippet,
    ...(hasPage ? [OWN_APP, ''] : []),
    'The signing key is new and exists only in this process. Press Ctrl+C to stop and to delete everything.',
  ].join('\n');
}

const OWN_APP =
  'With Vite, open the page of Vite instead, and copy only the last two scripts: scripts/guides/web-client.md, "Try your app with the Vite development server".';

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
