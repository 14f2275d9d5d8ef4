import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EXIT, ToolError } from '../lib/errors';

export interface ShopFile {
  readonly type: string;
  readonly text: string;
}

const PAGE = join(__dirname, 'page');
const RESOURCES = join(__dirname, '../../force-app/main/default/staticresources');

const file = (folder: string, name: string, type: string): ShopFile => ({
  type: `${type}; charset=utf-8`,
  text: readFileSync(join(folder, name), 'utf8'),
});

/** Everything that the shop serves as it is, by its path; the web client is the one that is deployed. */
export const shopFiles = (): ReadonlyMap<string, ShopFile> =>
  new Map([
    ['/', file(PAGE, 'index.html', 'text/html')],
    ['/shop.css', file(PAGE, 'shop.css', 'text/css')],
    ['/shop.js', file(PAGE, 'shop.js', 'text/javascript')],
    ['/counter.js', file(PAGE, 'counter.js', 'text/javascript')],
    ['/customerIdentity.js', file(RESOURCES, 'customerIdentity.js', 'text/javascript')],
    ['/customerIdentityModule.js', file(RESOURCES, 'customerIdentityModule.js', 'text/javascript')],
  ]);

/** The page that the user names. */
export function readPage(name: string): string {
  try {
    return readFileSync(resolve(name), 'utf8');
  } catch (thrown) {
    const why = `The system says ${(thrown as NodeJS.ErrnoException).code ?? 'unknown'}.`;
    const what = `The page ${name} cannot be read.`;
    throw new ToolError(
      'unreadable-file',
      { what, why, fix: 'Name an HTML file: --page FILE.' },
      { exit: EXIT.invalid },
    );
  }
}
