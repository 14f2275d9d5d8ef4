import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { listFiles } from './list-files';
import { readXml, type XmlElement } from './xml';

/** A Lightning web component: its imports, and the properties that Experience Builder can set. */
export interface Bundle {
  readonly imports: readonly Import[];
  /** Names of the properties with `@api` in the component's main module. */
  readonly api: ReadonlySet<string>;
  readonly configFile: string;
  readonly config: XmlElement;
}

export interface Import {
  readonly file: string;
  readonly line: number;
  readonly from: string;
}

/** Reads the bundle of a `.js-meta.xml` file. */
export function readBundle(configFile: string): Bundle {
  const folder = dirname(configFile);
  const scripts = listFiles(folder, '.js').map(parse);
  const main = join(folder, `${basename(folder)}.js`);
  return {
    imports: scripts.flatMap(importsOf),
    api: new Set(scripts.filter(({ fileName }) => fileName === main).flatMap(apiOf)),
    configFile,
    config: readXml(readFileSync(configFile, 'utf8')),
  };
}

const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);

const importsOf = (script: ts.SourceFile): Import[] =>
  script.statements.filter(ts.isImportDeclaration).map((statement) => ({
    file: script.fileName,
    line: script.getLineAndCharacterOfPosition(statement.getStart()).line + 1,
    from: (statement.moduleSpecifier as ts.StringLiteral).text,
  }));

const apiOf = (script: ts.SourceFile): string[] =>
  script.statements
    .filter(ts.isClassDeclaration)
    .flatMap(({ members }) => [...members])
    .filter((member) => ts.canHaveDecorators(member) && ts.getDecorators(member)?.some(isApi))
    .map((member) => member.name?.getText() ?? '');

const isApi = ({ expression }: ts.Decorator): boolean => expression.getText() === 'api';
