import { Option, type Command } from 'commander';
import { main, addOrgFlag, type CommandDef } from './lib/cli';
import { EXIT } from './lib/errors';
import type { LocalOrgFlags } from './start/serve-local-orgs';

export const localOrg: CommandDef<LocalOrgFlags> = {
  name: 'local-org',
  summary: 'Start local orgs (emulators of the Salesforce APIs this project uses), and log the sf CLI in to them.',
  examples: [
    ['Start the local orgs dev, uat, and prod:', 'npm run local-org'],
    [
      'Start one local org with the server time of a real org:',
      'npm run local-org -- --org dev --latency deploy=8s,retrieve=3s',
    ],
    ['Drop the response to the first deploy:', 'npm run local-org -- --fault deploy.submit:no-response@1'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  flags: (program: Command) =>
    addOrgFlag(
      program,
      'Alias of a local org, with or without an org file. Can be repeated. Default: dev, uat, and prod.',
    )
      .option('--latency <spec>', 'Server time of each kind of work, such as deploy=8s,retrieve=3s. Default: none.')
      .option(
        '--chat-api <spec>',
        'Undocumented behavior of the Enhanced Chat API, such as badToken=unverified,jwksCache=10m.',
      )
      .option(
        '--web-deployments <spec>',
        'Undocumented behavior of chat deployments of type Web, such as metadataUpdate=immutable.',
      )
      .addOption(
        new Option(
          '--omitted-items <behavior>',
          'What a deploy does with keys and user verification configurations that a file omits.',
        ).choices(['removed', 'kept']),
      )
      .addOption(
        new Option(
          '--agent-routing <behavior>',
          'What a deploy does with the Agentforce Service Agent of a channel.',
        ).choices(['dropped', 'bound']),
      )
      .option(
        '--source-tracking',
        'Track changes to the metadata of sandboxes, for deploys and retrieves without flags.',
      )
      .option(
        '--evidence <file>',
        'Evidence file of calibrate. The local orgs behave as it says. Other flags take precedence.',
      )
      .option(
        '--fault <spec>',
        'Faults to inject, such as deploy.submit:no-response,uat/query:503@1-2. scripts/local-org/README.md lists them.',
      )
      .option(
        '--traffic <spec>',
        'Chats of customers, such as verified=40/m,unverified=2/m,broken-after=10m. Default: none.',
      )
      .option('--state <folder>', 'Folder for the state of the orgs, relative to the project.', '.local-org'),
  run: async (context) => (await import('./start/serve-local-orgs')).serveLocalOrgs(context),
};

main(localOrg, module);
