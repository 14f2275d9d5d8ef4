import { readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { importModule } from './import-module';

/** A setting of `sf config`. A deprecated one has the name of its successor. */
interface Setting {
  readonly key: string;
  readonly newKey?: string;
}

interface PluginManifest {
  readonly oclif: { readonly plugins?: readonly string[]; readonly configMeta?: string };
}

const cliManifest = findPackageJSON('@salesforce/cli', __filename) ?? '';
const cliRequire = createRequire(cliManifest);
const { EnvironmentVariable } = cliRequire('@salesforce/core/envVars') as {
  readonly EnvironmentVariable: Readonly<Record<string, string>>;
};
const { Config } = cliRequire('@salesforce/core/config') as {
  readonly Config: { getAllowedProperties(): readonly Setting[] };
};

/** The environment variables that the CLI defines. */
export const cliVariables = (): readonly string[] => Object.values(EnvironmentVariable);

/** The settings of `sf config` that the CLI and its plugins define. */
export async function cliSettings(): Promise<readonly Setting[]> {
  const { plugins = [] } = readManifest(cliManifest).oclif;
  const ofPlugins = await Promise.all(plugins.map(settingsOf));
  return [...Config.getAllowedProperties(), ...ofPlugins.flat()];
}

async function settingsOf(plugin: string): Promise<readonly Setting[]> {
  const manifest = findPackageJSON(plugin, cliManifest);
  const file = manifest === undefined ? undefined : readManifest(manifest).oclif.configMeta;
  if (manifest === undefined || file === undefined) return [];
  const { default: settings } = await importModule<{ default: readonly Setting[] }>(
    join(dirname(manifest), `${file}.js`),
  );
  return settings;
}

const readManifest = (file: string): PluginManifest => JSON.parse(readFileSync(file, 'utf8')) as PluginManifest;
