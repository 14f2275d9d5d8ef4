import type { Rule } from './rule';
import { SOURCES } from './sources';

const NAME = /^[A-Za-z](_?[A-Za-z0-9])*$/;

/** The name of a new component. One that the org has already can belong to a package, and its name starts with a namespace then. */
const nameRule = (name: string, type: string, source: string, certainty: Rule['certainty']): Rule => ({
  name,
  type,
  source,
  certainty,
  textKnown: false,
  check(subject, view) {
    if (NAME.test(subject.name) || view.before(type, subject.name)) return [];
    const text =
      'The DeveloperName API Name can only contain underscores and alphanumeric characters. It must be unique, begin ' +
      'with a letter, not include spaces, not end with an underscore, and not contain two consecutive underscores.';
    return [{ text }];
  },
});

export const NAME_RULES: readonly Rule[] = [
  nameRule('channel-name', 'MessagingChannel', SOURCES.channel, 'confirmed'),
  nameRule('key-name', 'PublicKeyCertificate', SOURCES.key, 'inferred'),
  nameRule('keyset-name', 'PublicKeyCertificateSet', SOURCES.keyset, 'inferred'),
  nameRule('class-name', 'ApexClass', 'Metadata API guide, ApexClass: fullName', 'confirmed'),
];
