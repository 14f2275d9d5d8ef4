import fc from 'fast-check';
import { leaf, parent, type Element } from '../../../lib/model';
import { anyText } from './any-element';

/** Adjacent elements of one name. Salesforce rejects a file in which they are not adjacent. */
type Group = fc.Arbitrary<readonly Element[]>;

const plain = (name: string, text = anyText): fc.Arbitrary<Element> => text.map((each) => leaf(name, each));
const few = fc.constantFrom('a', 'b', 'c');
const flag = fc.constantFrom('true', 'false', '1', '0', '');

/** Zero or more list items, each with a unique natural key. */
const list = (name: string, keys: Readonly<Record<string, fc.Arbitrary<string>>>, others: readonly Group[]): Group => {
  const key = fc.tuple(...Object.entries(keys).map(([each, values]) => plain(each, values)));
  const item = fc.tuple(key, mixed(others)).map(([parts, rest]) => parent(name, [...parts, ...rest]));
  const keyOf = ({ children }: Element): string =>
    Object.keys(keys)
      .map((_, index) => children[index]?.text)
      .join();
  return fc.uniqueArray(item, { selector: keyOf, maxLength: 3 });
};

/** Some of the groups, in any order. */
const mixed = (groups: readonly Group[]): fc.Arbitrary<readonly Element[]> =>
  fc
    .shuffledSubarray([...groups.keys()])
    .chain((chosen) => fc.tuple(...chosen.map((index) => groups[index] ?? fc.constant([]))).map((all) => all.flat()));

const one = (item: fc.Arbitrary<Element>): Group => item.map((each) => [each]);

const nil: Group = fc
  .constantFrom('description', 'sessionHandlerQueue')
  .map((name) => [{ ...leaf(name, ''), attributes: { 'xsi:nil': 'true' } }]);

const authorization = list('messagingAuthorizations', { authIdentifier: few }, [
  one(plain('enabled', flag)),
  one(plain('publicKeyCertificateSetName', few)),
  one(plain('authProviderName')),
  one(plain('futureElement')),
]);

const embeddedConfig = mixed([
  one(plain('authMode', fc.constantFrom('Auth', 'UnAuth'))),
  one(plain('verifiedUserJwtExpirationTime', fc.integer({ min: 60, max: 240 }).map(String))),
  one(plain('anonymousUserJwtExpirationTime')),
  authorization,
  one(
    plain(
      'allowedFileTypes',
      fc.shuffledSubarray(['pdf', 'png', 'txt']).map((types) => types.join(';')),
    ),
  ),
  one(plain('futureElement')),
  list('futureList', { name: few }, []),
]).map((children) => parent('embeddedConfig', children));

const keywords: Group = fc
  .uniqueArray(anyText, { maxLength: 3 })
  .map((all) => all.map((each) => leaf('keyword', each)));

const GROUPS: readonly Group[] = [
  ...['masterLabel', 'sessionHandlerType', 'isLinkedRecordOpenedAsSubTab', 'zFuture', 'aFuture'].map((name) =>
    one(plain(name)),
  ),
  nil,
  one(embeddedConfig),
  list('automatedResponses', { type: few, language: few }, [
    one(plain('response')),
    one(plain('autoResponseContentType')),
  ]),
  list('messagingKeywords', { keywordType: few, language: few }, [keywords]),
  list('customParameters', { name: few }, [one(plain('parameterDataType')), one(plain('futureElement'))]),
  list('standardParameters', { parameterType: few }, []),
  fc.array(plain('futureElements'), { minLength: 2, maxLength: 4 }),
];

/** A live or declared channel with any known and unknown elements in any order. */
export const anyChannel: fc.Arbitrary<Element> = fc
  .tuple(mixed(GROUPS), fc.dictionary(fc.constantFrom('xmlns:xsi', 'future'), anyText, { noNullPrototype: true }))
  .map(([children, attributes]) => ({
    ...parent(
      'MessagingChannel',
      children.filter((child, index) => isFirstGroup(children, child, index)),
    ),
    attributes: { 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', ...attributes },
  }));

/** Keeps the first of two groups with the same name, because a nil element can have the name of another group. */
const isFirstGroup = (all: readonly Element[], child: Element, index: number): boolean =>
  !['description', 'sessionHandlerQueue'].includes(child.name) ||
  all.findIndex(({ name }) => name === child.name) === index;
