import { Option, type Command } from 'commander';
import { addOrgFlag, addSubcommand, repeatable } from '../cli';
import { EXIT } from '../errors';

/** Answers of `setup`, `setup channel`, and `setup keyset`. What is missing is asked on a terminal. */
export interface SetupFlags {
  readonly verb?: 'channel' | 'keyset';
  /** The component of `setup channel` and `setup keyset`. */
  readonly name?: string;
  readonly instanceUrl?: string;
  readonly issuer?: string;
  readonly key?: string;
  readonly privateKey?: string;
  readonly certificate?: string;
  readonly provider?: string;
  readonly channel?: readonly string[];
  readonly site?: readonly string[];
  readonly keyset?: string;
  readonly endpoint?: string;
  readonly queue?: string;
  readonly unverified?: boolean;
  readonly type?: 'API' | 'Mobile' | 'Web';
  readonly keepSamples?: boolean;
  readonly allowLoopback?: boolean;
  readonly yes?: boolean;
}

/** Adds the flags and subcommands of `setup`. A subcommand uses the flags of the program with the same name. */
export function addSetupFlags(program: Command): Command {
  addOrgFlag(program, 'Alias of the login, and name of the org file.')
    .option('--instance-url <url>', 'Login page of a new login. Default: https://test.salesforce.com.')
    .option('--issuer <issuer>', 'Issuer: the exact value of iss in your tokens.')
    .option('--private-key <file>', 'New file, outside of git, for the private key of a new key pair.')
    .option('--certificate <file>', 'Certificate or public key of your token service.')
    .option('--provider <url>', 'Issuer or discovery document of an identity provider with a JWKS endpoint.')
    .option('--key <name>', 'Name of the key in source. Default for an org: Chat_<alias>.')
    .option('--channel <name>', 'Channel of the source for this org. Can be repeated.', repeatable)
    .option(
      '--site <origin>',
      'Origin of pages with chat, such as https://shop.example.com. Can be repeated.',
      repeatable,
    )
    .option('--keep-samples', 'Keep the sample orgs and keys of this project.', false)
    .option('--allow-loopback', 'Also read http URLs on this machine, for tests and local orgs.', false)
    .option('--yes', 'Write the files without a question.', false)
    .action(() => undefined);
  addChannelCommand(program);
  addKeysetCommand(program);
  return program;
}

const argumentOf = ({ processedArgs: [name] }: Command): object => ({ name: String(name) });

function addChannelCommand(program: Command): void {
  addSubcommand(
    program,
    'channel <name>',
    {
      summary: 'Write a messaging channel and its chat deployment to source.',
      examples: [
        [
          'Add a web channel for verified users:',
          'npm run setup -- channel Returns_Chat --keyset Customer_Identity --queue Customer_Chat',
        ],
        [
          'Add a mobile channel for unverified users:',
          'npm run setup -- channel Guest_App --unverified --type Mobile --queue Customer_Chat',
        ],
      ],
      exitCodes: [EXIT.done, EXIT.changes, EXIT.invalid],
      parentFlags: ['--yes'],
    },
    argumentOf,
  )
    .option('--keyset <name>', 'Keyset that verifies tokens. Default: the only keyset of the source.')
    .option('--queue <name>', 'Queue that receives the conversations. Default: the only queue of the source.')
    .option('--unverified', 'Turn user verification off in the channel.', false)
    .addOption(
      new Option('--type <type>', 'Type of the chat deployment.').choices(['API', 'Mobile', 'Web']).default('Web'),
    );
}

function addKeysetCommand(program: Command): void {
  addSubcommand(
    program,
    'keyset <name>',
    {
      summary: 'Write a JSON web keyset to source, with a key of the source or a JWKS endpoint.',
      examples: [
        [
          'Add a keyset of an uploaded key:',
          'npm run setup -- keyset Partner --issuer https://id.partner.example.com --key Partner_Key',
        ],
        [
          'Add a keyset with a JWKS endpoint:',
          'npm run setup -- keyset Partner --issuer https://id.partner.example.com --endpoint https://id.partner.example.com/jwks',
        ],
      ],
      exitCodes: [EXIT.done, EXIT.changes, EXIT.invalid],
      parentFlags: ['--issuer', '--key', '--yes'],
    },
    argumentOf,
  ).option('--endpoint <url>', 'HTTPS URL of the JWKS document.');
}
