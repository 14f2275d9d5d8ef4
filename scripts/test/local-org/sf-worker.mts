/** Runs commands of the unmodified CLI, with all its plugins, one after another for its parent. */
import { createRequire, findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

interface OclifConfig {
  runCommand(id: string, argv: readonly string[]): Promise<unknown>;
}

export interface SfRequest {
  readonly command: string;
  readonly argv: readonly string[];
}

/** The result of a command, or the message of its error. */
export interface SfResponse {
  readonly result?: unknown;
  readonly error?: string;
}

const manifest = findPackageJSON('@salesforce/cli', import.meta.url) ?? '';
const { Config } = createRequire(manifest)('@oclif/core') as {
  Config: { load(options: object): Promise<OclifConfig> };
};
const cli = Config.load({ root: dirname(manifest), userPlugins: false, devPlugins: false });

// With --json, a command prints its result. The parent gets the return value instead.
process.stdout.write = () => true;
process.stderr.write = () => true;
process.setMaxListeners(0);

async function run({ command, argv }: SfRequest): Promise<SfResponse> {
  try {
    const result = await (await cli).runCommand(command, argv);
    return { result: result === undefined ? null : (JSON.parse(JSON.stringify(result)) as unknown) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', (request: SfRequest) => void run(request).then((response) => process.send?.(response)));
