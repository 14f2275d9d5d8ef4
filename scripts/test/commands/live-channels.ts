import fc from 'fast-check';

/** Settings of a channel that the test source doesn't declare, in the layout that Salesforce returns. */
export interface LiveChannel {
  /** Elements before embeddedConfig, by name. */
  readonly head: readonly string[];
  /** Elements of embeddedConfig, by name. */
  readonly config: readonly string[];
  /** Elements after embeddedConfig, by name. */
  readonly tail: readonly string[];
  readonly minutes: number;
}

/** Text as Salesforce stores it: without control characters, and without surrounding spaces, which XML could lose. */
const text = fc
  .stringMatching(/^[ -~äßñ漢🙂]{1,40}$/u)
  .map((value) => value.trim())
  .filter((value) => value !== '')
  .map((value) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));

const anyOf = (...lines: readonly fc.Arbitrary<string>[]): fc.Arbitrary<readonly string[]> =>
  fc.tuple(...lines.map((line) => fc.option(line))).map((found) => found.filter((line) => line !== null));

const leaf = (name: string, value: fc.Arbitrary<string | number | boolean>, indent = 1): fc.Arbitrary<string> =>
  value.map((shown) => `${'    '.repeat(indent)}<${name}>${shown}</${name}>`);

const response = text.map(
  (said) => `    <automatedResponses>
        <autoResponseContentType>TextResponse</autoResponseContentType>
        <language>en_US</language>
        <response>${said}</response>
        <type>InitialResponse</type>
    </automatedResponses>`,
);

const parameter = fc.tuple(text, fc.nat({ max: 250 })).map(
  ([label, length]) => `    <customParameters>
        <actionParameterMappings>
            <actionParameterName>Order</actionParameterName>
        </actionParameterMappings>
        <externalParameterName>order</externalParameterName>
        <masterLabel>${label}</masterLabel>
        <maxLength>${length}</maxLength>
        <name>Order</name>
        <parameterDataType>String</parameterDataType>
    </customParameters>`,
);

const keywords = text.map(
  (word) => `    <messagingKeywords>
        <keyword>${word}</keyword>
        <keyword>stop</keyword>
        <keywordType>OptOut</keywordType>
        <language>de</language>
    </messagingKeywords>`,
);

const standard = fc.constant(`    <standardParameters>
        <actionParameterMappings>
            <actionParameterName>Mail</actionParameterName>
        </actionParameterMappings>
        <parameterType>Email</parameterType>
    </standardParameters>`);

/** A random half of the settings that Setup can store for a channel. */
export const liveChannel: fc.Arbitrary<LiveChannel> = fc.record({
  head: anyOf(response, fc.constant('    <countryCode xsi:nil="true"/>'), parameter, leaf('description', text)),
  config: anyOf(
    leaf('allowedFileTypes', fc.constantFrom('pdf,png', 'png pdf jpg', 'txt;csv'), 2),
    leaf('anonymousUserJwtExpirationTime', fc.integer({ min: 60, max: 4320 }), 2),
    leaf('isAttachmentUploadEnabled', fc.constantFrom('true', 'false', '1', '0'), 2),
    leaf('maxFileSize', fc.integer({ min: 1, max: 5 }), 2),
  ),
  tail: anyOf(
    leaf('endInactiveSessionTimeOut', fc.integer({ min: 1, max: 600 })),
    leaf('isFeedbackEnabled', fc.boolean()),
    keywords,
    leaf('platformKey', text),
    standard,
  ),
  minutes: fc.integer({ min: 61, max: 240 }),
});

const sorted = (lines: readonly string[]): readonly string[] =>
  [...lines].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
const nameOf = (line: string): string => /<(\w+)/.exec(line)?.[1] ?? '';

/** The metadata file of a channel in the org. `minutes` is the only setting that the source also declares. */
export function liveXml({ head, config, tail }: LiveChannel, minutes: number): string {
  const rest = [
    ...tail,
    '    <masterLabel>Live</masterLabel>',
    '    <messagingChannelType>EmbeddedMessaging</messagingChannelType>',
    '    <sessionHandlerQueue>Chat</sessionHandlerQueue>',
    '    <sessionHandlerType>Queue</sessionHandlerType>',
  ];
  const time = `        <verifiedUserJwtExpirationTime>${minutes}</verifiedUserJwtExpirationTime>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<MessagingChannel xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    ...head,
    '    <embeddedConfig>',
    ...sorted([...config, '        <authMode>UnAuth</authMode>', time]),
    '    </embeddedConfig>',
    ...sorted(rest),
    '</MessagingChannel>',
    '',
  ].join('\n');
}

/** The source of each channel. */
export const SOURCE = `<?xml version="1.0" encoding="UTF-8"?>
<MessagingChannel xmlns="http://soap.sforce.com/2006/04/metadata">
    <embeddedConfig>
        <authMode>UnAuth</authMode>
        <verifiedUserJwtExpirationTime>60</verifiedUserJwtExpirationTime>
    </embeddedConfig>
    <masterLabel>Live</masterLabel>
    <messagingChannelType>EmbeddedMessaging</messagingChannelType>
    <sessionHandlerQueue>Chat</sessionHandlerQueue>
    <sessionHandlerType>Queue</sessionHandlerType>
</MessagingChannel>
`;
