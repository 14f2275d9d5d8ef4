import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS, loadCommand } from './command-list';
import { dispatch, endWith } from './lib/cli';
import { recommendStarter } from './lib/model';

const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as {
  readonly version: string;
};

recommendStarter('npx chat-verification');
endWith(() => dispatch({ topics: COMMANDS, load: loadCommand, version }, process.argv.slice(2)));
