import type { ApexNode } from './apex-tree';

type Nodes = readonly ApexNode[];

const kindOf = (node: ApexNode): string => (node['@class'] ?? '').replace(/^.*\.ast\.(?:\w+\$)?/, '');
const list = (node: ApexNode, member: string): Nodes => (node[member] as Nodes | undefined) ?? [];
/** Returns a child node. In the tree, some are wrapped as `{ value }`. */
function at(node: ApexNode, member: string): ApexNode {
  const child = node[member] as ApexNode;
  return '@class' in child ? child : ((child['value'] as ApexNode | undefined) ?? child);
}

const optional = (node: ApexNode, member: string): ApexNode | undefined =>
  (node[member] as { readonly value?: ApexNode } | undefined)?.value;
const text = (node: ApexNode): string => String(node['value']);
const nameOf = (node: ApexNode): string => text(at(node, 'name'));
const symbol = (node: ApexNode, member: string): string => String(at(node, member)['$']);
const has = (node: ApexNode, modifier: string): boolean =>
  list(node, 'modifiers').some((each) => kindOf(each) === `${modifier}Modifier`);
const typeName = (type: ApexNode): string => list(type, 'names').map(text).join('.');

/** The names that an expression can refer to without a qualifier. */
interface Scope {
  readonly className: string;
  readonly statics: ReadonlySet<string>;
  readonly members: ReadonlySet<string>;
  readonly locals: ReadonlySet<string>;
}

const OPERATORS: Readonly<Record<string, string>> = {
  ADDITION: '+',
  SUBTRACTION: '-',
  MULTIPLICATION: '*',
  LESS_THAN: '<',
  LESS_THAN_EQUAL: '<=',
  GREATER_THAN: '>',
  GREATER_THAN_EQUAL: '>=',
  AND: '&&',
  OR: '||',
};

/** Returns JavaScript that evaluates an expression. `$` contains the classes and the platform. */
function expression(node: ApexNode, scope: Scope): string {
  const inner = (member: string): string => expression(at(node, member), scope);
  const all = (nodes: Nodes): string => nodes.map((each) => expression(each, scope)).join(', ');
  switch (kindOf(node)) {
    case 'LiteralExpr':
      return symbol(node, 'type') === 'NULL' ? 'null' : JSON.stringify(at(node, 'literal')['$'] ?? node['literal']);
    case 'VariableExpr':
      return qualified(node, list(node, 'names').map(text), scope);
    case 'ThisVariableExpr':
      return 'this';
    case 'MethodCallExpr':
      return methodCall(node, all(list(node, 'inputParameters')), scope);
    case 'NewExpr':
      return newObject(at(node, 'creator'), scope);
    case 'BinaryExpr':
      return symbol(node, 'op') === 'DIVISION'
        ? `Math.trunc(${inner('left')} / ${inner('right')})`
        : `(${inner('left')} ${operator(symbol(node, 'op'))} ${inner('right')})`;
    case 'BooleanExpr':
      return comparison(symbol(node, 'op'), inner('left'), inner('right'));
    case 'AssignmentExpr':
      return `${inner('left')} = ${inner('right')}`;
    case 'PostfixExpr':
      return `${inner('expr')}++`;
    case 'PrefixExpr':
      return `!${inner('expr')}`;
    case 'TernaryExpr':
      return `(${inner('condition')} ? ${inner('trueExpr')} : ${inner('falseExpr')})`;
    case 'ArrayExpr':
      return `${inner('expr')}[${inner('index')}]`;
    case 'CastExpr':
    case 'NestedExpr':
      return `(${inner('expr')})`;
    case 'ClassRefExpr':
      return `$.${typeName(at(node, 'type'))}`;
    default:
      throw new Error(`Unsupported expression ${kindOf(node)}`);
  }
}

function operator(name: string): string {
  const symbols = OPERATORS[name];
  if (symbols === undefined) throw new Error(`Unsupported operator ${name}`);
  return symbols;
}

function comparison(op: string, left: string, right: string): string {
  if (op === 'DOUBLE_EQUAL') return `$.equal(${left}, ${right})`;
  if (op === 'NOT_EQUAL') return `!$.equal(${left}, ${right})`;
  return `(${left} ${operator(op)} ${right})`;
}

function qualified(node: ApexNode, names: readonly string[], scope: Scope): string {
  const receiver = optional(node, 'dottedExpr');
  if (receiver) return [expression(receiver, scope), ...names].join('.');
  const [first = '', ...rest] = names;
  return [resolve(first, scope), ...rest].join('.');
}

function resolve(name: string, { className, statics, members, locals }: Scope): string {
  if (locals.has(name)) return name;
  if (statics.has(name)) return `$.${className}.${name}`;
  return members.has(name) ? `this.${name}` : `$.${name}`;
}

function methodCall(node: ApexNode, parameters: string, scope: Scope): string {
  const names = list(node, 'names').map(text);
  const method = names.at(-1) ?? '';
  const hasReceiver = optional(node, 'dottedExpr') !== undefined || names.length > 1;
  if (!hasReceiver) return `${resolve(method, { ...scope, locals: new Set() })}(${parameters})`;
  return `$.call(${qualified(node, names.slice(0, -1), scope)}, '${method}', [${parameters}])`;
}

function newObject(creator: ApexNode, scope: Scope): string {
  const all = (nodes: Nodes): string => nodes.map((each) => expression(each, scope)).join(', ');
  switch (kindOf(creator)) {
    case 'NewStandard':
      return `new $.${typeName(at(creator, 'type'))}(${all(list(creator, 'inputParameters'))})`;
    case 'NewListLiteral':
      return `[${all(list(creator, 'values'))}]`;
    default: {
      const pairs = list(creator, 'pairs').map((pair) => `[${all([at(pair, 'key'), at(pair, 'value')])}]`);
      return `new $.Map([${pairs.join(', ')}])`;
    }
  }
}

function statement(node: ApexNode, scope: Scope): string {
  const block = (member: string): string => statement(at(node, member), scope);
  switch (kindOf(node)) {
    case 'BlockStmnt':
      return `{${list(node, 'stmnts')
        .map((each) => statement(each, scope))
        .join('\n')}}`;
    case 'ExpressionStmnt':
      return `${expression(at(node, 'expr'), scope)};`;
    case 'ReturnStmnt': {
      const value = optional(node, 'expr');
      return value ? `return ${expression(value, scope)};` : 'return;';
    }
    case 'ThrowStmnt':
      return `throw ${expression(at(node, 'expr'), scope)};`;
    case 'VariableDeclStmnt':
      return declarations(at(node, 'variableDecls'), scope)
        .map(([name, value]) => `let ${name} = ${value};`)
        .join('');
    case 'IfElseBlock':
      return ifElse(node, scope);
    case 'ForLoop':
      return `for (${forControl(at(node, 'forControl'), scope)}) ${block('stmnt')}`;
    case 'TryCatchFinallyBlock':
      return `try ${block('tryBlock')} ${catchAll(list(node, 'catchBlocks'), scope)}`;
    default:
      throw new Error(`Unsupported statement ${kindOf(node)}`);
  }
}

const declarations = (node: ApexNode, scope: Scope): (readonly [name: string, value: string])[] =>
  list(node, 'decls').map((each) => {
    const value = optional(each, 'assignment');
    return [nameOf(each), value ? expression(value, scope) : 'null'];
  });

function ifElse(node: ApexNode, scope: Scope): string {
  const branches = list(node, 'ifBlocks').map(
    (each) => `if (${expression(at(each, 'expr'), scope)}) ${statement(at(each, 'stmnt'), scope)}`,
  );
  const otherwise = optional(node, 'elseBlock');
  return branches.join(' else ') + (otherwise ? ` else ${statement(at(otherwise, 'stmnt'), scope)}` : '');
}

/** The name of a loop variable, which is a list with one element in the tree. */
const initName = (init: ApexNode): string => text(list(init, 'name')[0] as ApexNode);

function forControl(node: ApexNode, scope: Scope): string {
  if (kindOf(node) === 'EnhancedForControl') {
    const init = at(node, 'init');
    return `const ${initName(init)} of ${expression(optional(init, 'expr') as ApexNode, scope)}`;
  }
  const inits = list(optional(node, 'inits') as ApexNode, 'inits').map(
    (init) => `${initName(init)} = ${expression(optional(init, 'expr') as ApexNode, scope)}`,
  );
  const part = (member: string): string => expression(optional(node, member) as ApexNode, scope);
  return `let ${inits.join(', ')}; ${part('condition')}; ${part('control')}`;
}

/** Each catch block handles one type. An error of another type is thrown again. */
function catchAll(blocks: Nodes, scope: Scope): string {
  const handlers = blocks.map((block) => {
    const parameter = at(block, 'parameter');
    const type = typeName(at(parameter, 'typeRef'));
    return `if (thrown instanceof $.${type}) { const ${nameOf(parameter)} = thrown; ${statement(at(block, 'stmnt'), scope)} }`;
  });
  return `catch (thrown) { ${handlers.join(' else ')} else throw thrown; }`;
}

/** An Apex class as JavaScript. */
export interface TranspiledClass {
  readonly name: string;
  /** evaluates to the class; the variable `$` must contain the other classes and the platform */
  readonly code: string;
  /** the methods with @IsTest */
  readonly tests: readonly string[];
}

/** Translates an Apex class to JavaScript. Supports only the part of Apex that the classes of this project use. */
export function transpileApex(tree: unknown): TranspiledClass {
  const output = at(tree as ApexNode, 'apex.jorje.semantic.compiler.parser.ParserOutput');
  const body = at(at(output, 'unit'), 'body');
  return { name: nameOf(body), code: classCode(body), tests: methodsOf(body).filter(isTest).map(nameOf) };
}

const isTest = (method: ApexNode): boolean =>
  list(method, 'modifiers').some((each) => kindOf(each) === 'Annotation' && nameOf(each).toLowerCase() === 'istest');

const membersOf = (body: ApexNode, kind: string): Nodes =>
  kindOf(body) === 'InterfaceDecl' ? [] : list(body, 'members').filter((each) => kindOf(each) === kind);

const methodsOf = (body: ApexNode): Nodes => membersOf(body, 'MethodMember').map((each) => at(each, 'methodDecl'));

function classCode(body: ApexNode): string {
  const className = nameOf(body);
  const methods = methodsOf(body).filter((method) => nameOf(method) !== className);
  const fields = membersOf(body, 'FieldMember').map((each) => at(each, 'variableDecls'));
  const properties = membersOf(body, 'PropertyMember').map((each) => at(each, 'propertyDecl'));
  const names = (isStatic: boolean): Set<string> =>
    new Set(
      [
        ...methods.filter((each) => has(each, 'Static') === isStatic),
        ...fields.filter((each) => has(each, 'Static') === isStatic).flatMap((each) => list(each, 'decls')),
        ...(isStatic ? [] : properties),
      ].map(nameOf),
    );
  const scope: Scope = { className, statics: names(true), members: names(false), locals: new Set() };
  const parent = optional(body, 'superClass');
  return `class ${className} ${parent ? `extends $.${typeName(parent)} ` : ''}{
    ${fields.flatMap((each) => declarations(each, scope).map(([name, value]) => `${has(each, 'Static') ? 'static ' : ''}${name} = ${value};`)).join('\n')}
    ${properties.map((each) => `${nameOf(each)} = null;`).join('\n')}
    ${membersOf(body, 'InnerClassMember')
      .map((each) => `static ${nameOf(at(each, 'body'))} = ${classCode(at(each, 'body'))};`)
      .join('\n')}
    ${methodsOf(body)
      .filter((method) => nameOf(method) === className)
      .map((method) => `constructor${methodCode(method, scope)}`)
      .join('\n')}
    ${[...new Set(methods.map(nameOf))]
      .map((name) =>
        overloadCode(
          name,
          methods.filter((each) => nameOf(each) === name),
          scope,
        ),
      )
      .join('\n')}
  }`;
}

/** JavaScript has no overloads, so the types of the arguments select a method. */
function overloadCode(name: string, overloads: Nodes, scope: Scope): string {
  const prefix = has(overloads[0] as ApexNode, 'Static') ? 'static ' : '';
  const [only, ...others] = overloads;
  if (only && others.length === 0) return `${prefix}${name}${methodCode(only, scope)}`;
  const codes = overloads.map((method, index) => `${prefix}${name}$${index}${methodCode(method, scope)}`);
  const types = overloads.map((method) => list(method, 'parameters').map((each) => typeName(at(each, 'typeRef'))));
  return `${codes.join('\n')}
    ${prefix}${name}(...args) { return this['${name}$' + $.selectOverload(${JSON.stringify(types)}, args)](...args); }`;
}

function methodCode(method: ApexNode, scope: Scope): string {
  const parameters = list(method, 'parameters').map(nameOf);
  const body = optional(method, 'stmnt');
  const locals = new Set([...parameters, ...localNames(body)]);
  return `(${parameters.join(', ')}) ${body ? statement(body, { ...scope, locals }) : '{}'}`;
}

/** The names of all variables that a method declares, in any block. */
function localNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const node = value as ApexNode;
  const own = kindOf(node) === 'VariableDecl' ? [nameOf(node)] : kindOf(node) === 'ForInit' ? [initName(node)] : [];
  const caught = kindOf(node) === 'CatchBlock' ? [nameOf(at(node, 'parameter'))] : [];
  return [...own, ...caught, ...Object.values(node).flatMap(localNames)];
}
