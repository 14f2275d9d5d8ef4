import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';

/** The org in which Apex runs. */
export interface ApexOrg {
  readonly orgId: string;
  /** the fields of the running user, without those that the user can't read */
  readonly user: Readonly<Record<string, string | null>>;
  readonly userType: string;
  /** custom labels by name */
  readonly labels: Readonly<Record<string, string>>;
  readonly settings: readonly Readonly<Record<string, string>>[];
  /** Signs with a certificate. Throws if it doesn't exist. */
  sign(algorithm: string, input: Buffer, certificate: string): Buffer;
}

class ApexException extends Error {
  #cause: unknown;

  constructor(message?: unknown, cause?: unknown) {
    super(typeof message === 'string' ? message : 'Script-thrown exception');
    this.#cause = message instanceof Error ? message : cause;
  }

  getMessage = (): string => this.message;
  getCause = (): unknown => this.#cause ?? null;
  initCause = (cause: unknown): void => void (this.#cause = cause);
  setMessage = (message: string): void => void (this.message = message);
}

/** Hides its message from components until setMessage is called. */
class AuraHandledException extends ApexException {
  constructor() {
    super();
  }
}

class QueryException extends ApexException {}

class Blob {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  static valueOf = (text: string): Blob => new Blob(Buffer.from(text, 'utf8'));
  toString = (): string => this.bytes.toString('utf8');
}

class ApexMap extends Map<string, unknown> {
  put = (key: string, value: unknown): void => void this.set(key, value);
  containsKey = (key: string): boolean => this.has(key);
  keySet = (): string[] => [...this.keys()];
  clone = (): ApexMap => new ApexMap(this);
  override get = (key: string): unknown => super.get(key) ?? null;
  override values = (): never => [...super.values()] as never;
}

class JsonGenerator {
  readonly #members: string[] = [];

  writeStartObject = (): void => undefined;
  writeEndObject = (): void => undefined;
  writeStringField = (name: string, value: string): void => this.#write(name, value);
  writeNumberField = (name: string, value: number): void => this.#write(name, value);
  getAsString = (): string => `{${this.#members.join(',')}}`;

  #write(name: string, value: unknown): void {
    this.#members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  }
}

const swapCase = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()));

/** The methods of String that differ from JavaScript. */
const STRING_METHODS: Readonly<Record<string, (text: string, ...args: never[]) => unknown>> = {
  replace: (text, target: string, value: string) => text.replaceAll(target, () => value),
  remove: (text, target: string) => text.replaceAll(target, ''),
  left: (text, length: number) => text.slice(0, length),
  equals: (text, other: unknown) => text === other,
  contains: (text, part: string) => text.includes(part),
  rightPad: (text, length: number, pad: string) => text.padEnd(length, pad),
  split: (text, pattern: string) => text.split(new RegExp(pattern)),
  length: (text) => text.length,
  swapCase,
};

/** Calls a method. Primitive values and lists have no methods of Apex in JavaScript. */
function call(receiver: unknown, method: string, args: readonly never[]): unknown {
  const own = typeof receiver === 'string' && Object.hasOwn(STRING_METHODS, method) && STRING_METHODS[method];
  if (own) return own(receiver, ...args);
  if (method === 'size') return Array.isArray(receiver) ? receiver.length : (receiver as ApexMap).size;
  return (receiver as Record<string, (...values: readonly never[]) => unknown>)[method]?.(...args);
}

/** Compares like ==, which ignores the case of text. */
function equal(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  return isDeepStrictEqual(left ?? null, right ?? null);
}

function selectOverload(overloads: readonly (readonly string[])[], args: readonly unknown[]): number {
  const isBlob = (value: unknown): boolean => value instanceof Blob;
  return overloads.findIndex((types) => types.every((type, index) => (type === 'Blob') === isBlob(args[index])));
}

function toMap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new ApexMap(Object.entries(value).map(([key, member]) => [key, toMap(member)]));
}

const ASSERT = {
  areEqual: (expected: unknown, actual: unknown, message?: string) => assert.deepEqual(actual, expected, message),
  areNotEqual: (other: unknown, actual: unknown, message?: string) => assert.notDeepEqual(actual, other, message),
  isTrue: (value: unknown, message?: string) => assert.equal(value, true, message),
  isNull: (value: unknown, message?: string) => assert.equal(value ?? null, null, message),
  isNotNull: (value: unknown, message?: string) => assert.notEqual(value ?? null, null, message),
  fail: (message: string) => assert.fail(message),
};

const JSON_CLASS = {
  createGenerator: () => new JsonGenerator(),
  serialize: (map: ApexMap) => JSON.stringify(Object.fromEntries(map)),
  deserialize: (text: string) => JSON.parse(text) as unknown,
  deserializeUntyped: (text: string) => toMap(JSON.parse(text)),
};

const createDatetime = (milliseconds: number) => ({ getTime: () => milliseconds });

/** The classes of the Apex platform that the classes of this project use. */
export function createPlatform(org: ApexOrg): Record<string, unknown> {
  let queries = 0;
  const user = org.user;
  const fieldToken = (name: string) => ({ getDescribe: () => ({ getName: () => name }) });
  const fields = new ApexMap(Object.keys({ ...user, Hidden__c: '' }).map((name) => [name, fieldToken(name)]));
  return {
    call,
    equal,
    selectOverload,
    Assert: ASSERT,
    AuraHandledException,
    Blob,
    Exception: ApexException,
    JSON: JSON_CLASS,
    Map: ApexMap,
    QueryException,
    AccessLevel: { USER_MODE: 'USER_MODE' },
    Crypto: {
      getRandomInteger: () => 42,
      signWithCertificate(algorithm: string, { bytes }: Blob, certificate: string) {
        try {
          return new Blob(org.sign(algorithm, bytes, certificate));
        } catch (error) {
          throw new ApexException(error);
        }
      },
    },
    Customer_Identity_Setting__mdt: {
      getAll: () => new ApexMap(org.settings.map((record) => [record['DeveloperName'] ?? '', record])),
    },
    Database: {
      queryWithBinds(soql: string, binds: ApexMap) {
        queries += 1;
        const field = /^SELECT (\w+) FROM User WHERE Id = :userId$/.exec(soql)?.[1] ?? '';
        if (binds.get('userId') !== user['Id'] || !(field in user)) throw new QueryException(`No access to ${field}`);
        return [{ get: () => user[field] ?? null }];
      },
    },
    Datetime: {
      now: () => createDatetime(Date.now()),
      newInstanceGmt: (year: number, month: number, day: number, hour: number, minute: number, second: number) =>
        createDatetime(Date.UTC(year, month - 1, day, hour, minute, second)),
    },
    EncodingUtil: {
      base64Encode: ({ bytes }: Blob) => bytes.toString('base64'),
      base64Decode: (text: string) => new Blob(Buffer.from(text, 'base64')),
      convertFromHex: (text: string) => new Blob(Buffer.from(text, 'hex')),
    },
    Limits: { getQueries: () => queries },
    Long: { valueOf: Number },
    Math: { mod: (value: number, divisor: number) => value % divisor },
    Schema: { SObjectType: { User: { fields: { getMap: () => fields } } } },
    String: {
      isBlank: (text: string | null) => (text ?? '').trim() === '',
      valueOf: (value: string | number | null) => (value === null ? null : String(value)),
    },
    System: { Label: org.labels },
    UUID: { randomUUID: () => randomUUID() },
    UserInfo: {
      getOrganizationId: () => org.orgId,
      getUserId: () => user['Id'],
      getUserName: () => user['Username'],
      getUserType: () => org.userType,
    },
  };
}
