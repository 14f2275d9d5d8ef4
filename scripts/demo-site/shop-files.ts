import { npmRun } from '../lib/model';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EXIT, ToolError } from '../lib/errors';

export interface ShopFile {
  readonly type: string;
  readonly content: string;
}

const PAGE_FOLDER = join(__dirname, 'page');
const STATIC_RESOURCES = join(__dirname, '../../member-site/main/default/staticresources');

const readShopFile = (folder: string, name: string, type: string): ShopFile => ({
  type: `${type}; charset=utf-8`,
  content: readFileSync(join(folder, name), 'utf8'),
});

/** The static files of the shop by path. The web client is the deployed one. */
export const shopFiles = (): ReadonlyMap<string, ShopFile> =>
  new Map([
    ['/', readShopFile(PAGE_FOLDER, 'index.html', 'text/html')],
    ['/shop.css', readShopFile(PAGE_FOLDER, 'shop.css', 'text/css')],
    ['/shop.js', readShopFile(PAGE_FOLDER, 'shop.js', 'text/javascript')],
    ['/inspector.js', readShopFile(PAGE_FOLDER, 'inspector.js', 'text/javascript')],
    ['/customerIdentity.js', readShopFile(STATIC_RESOURCES, 'customerIdentity.js', 'text/javascript')],
    ['/customerIdentityModule.js', readShopFile(STATIC_RESOURCES, 'customerIdentityModule.js', 'text/javascript')],
  ]);

/** Reads the page of the user. Throws `unreadable-file`. */
export function readPage(name: string): string {
  try {
    return readFileSync(resolve(name), 'utf8');
  } catch (thrown) {
    const why = `The operating system reports ${(thrown as NodeJS.ErrnoException).code ?? 'an unknown error'}.`;
    const what = `The page ${name} can't be read. Nothing was started.`;
    throw new ToolError(
      'unreadable-file',
      { what, why, fix: `Pass the path of an HTML file: ${npmRun('demo-site', '--page', 'FILE')}` },
      { exit: EXIT.invalid },
    );
  }
}
