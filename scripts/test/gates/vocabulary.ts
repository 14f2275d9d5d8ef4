import ts from 'typescript';
import type { Problem } from './problem';

/** A word or phrase that user-facing text doesn't use, and the term to use instead. */
export interface VocabularyRule {
  readonly pattern: RegExp;
  readonly instead: string;
}

const rule = (pattern: string, instead: string): VocabularyRule => ({
  pattern: new RegExp(`\\b(?:${pattern})\\b`, 'gi'),
  instead,
});

export const VOCABULARY: readonly VocabularyRule[] = [
  rule('mend(?:s|ed|ing)?|remed(?:y|ies)', 'fix'),
  rule('anew', 'again'),
  rule('whoever|whomever', 'a named actor'),
  rule('(?:go|goes|going|gone|went) on with|broke off|broken off|breaks? off', 'resume, interrupted'),
  rule('(?:come|comes|came|coming) through|(?:is|are) through(?! the)', 'succeed'),
  rule('(?:take|takes|taken|took|go|goes|gone|bring|brings|brought) back|way back', 'roll back'),
  rule('as (?:it is )?stated|not stated|unstated', 'as declared, in sync'),
  rule('(?:is|are|was|were) told', 'report, print'),
  rule('somebody|nobody should', 'a named actor'),
  rule('seal(?:s|ed|ing)?|unseal(?:s|ed)?', 'save a plan, saved plan'),
  rule('disturb(?:s|ed|ing)?', 'disruptive'),
  rule('consent', 'accept, confirm'),
  rule('strangers?', 'forged token, untrusted key'),
  rule('misfits?|complaints?|flaws?', 'violation, finding'),
  rule('messaging runtime', 'Enhanced Chat API'),
  rule('(?:private|public) half', 'private key, public key'),
  rule('holdings|picture of|what it holds|what (?:the|an|every|each) orgs? holds?', 'live state, in the org'),
  rule('proof|proofs|proven|not proven', 'verification, verified, inconclusive'),
  rule('(?:is|was|are|were) looked at|not looked at', 'checked'),
  rule('for guests|as a guest', 'unverified user, unverified channel'),
  rule('taken over|take in|taken in', 'import'),
  rule('need not|of which|such as do', "doesn't need, a direct sentence"),
  rule('neighbours?', 'related, unmanaged'),
  rule('behind the counter|laid out|lays? out', 'a literal description'),
];

/** A text that keeps a word of the list, and why. `text` is part of the line. */
export interface VocabularyException {
  readonly file: string;
  readonly text: string;
  readonly reason: string;
}

/** The only place for exceptions. */
export const EXCEPTIONS: readonly VocabularyException[] = [];

/** The words of a file that the vocabulary doesn't allow, without the exceptions. */
export function vocabularyProblems(file: string, text: string): readonly Problem[] {
  const lines = text.split('\n');
  return textParts(file, text).flatMap(({ start, part }) =>
    VOCABULARY.flatMap(({ pattern, instead }) =>
      [...part.matchAll(pattern)].map((match) => {
        const line = text.slice(0, start + match.index).split('\n').length;
        return { file, line, message: `"${match[0]}": use ${instead}` };
      }),
    ).filter(({ line }) => !isException(file, lines[line - 1] ?? '')),
  );
}

const isException = (file: string, line: string): boolean =>
  EXCEPTIONS.some((each) => each.file === file && line.includes(each.text));

interface TextPart {
  readonly start: number;
  readonly part: string;
}

/** The parts that a person reads: strings and comments of code, the text of XML elements, and everything in other files. */
function textParts(file: string, text: string): readonly TextPart[] {
  if (file.endsWith('.ts')) return codeParts(text);
  if (file.endsWith('.xml'))
    return [...text.matchAll(/>([^<>]+)</g)].map((match) => ({ start: match.index + 1, part: match[1] ?? '' }));
  return [{ start: 0, part: text }];
}

function codeParts(text: string): readonly TextPart[] {
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
  const comments = new Map<number, TextPart>();
  const strings: TextPart[] = [];
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [])
      comments.set(range.pos, { start: range.pos, part: text.slice(range.pos, range.end) });
    if (
      ts.isStringLiteral(node) ||
      ts.isNoSubstitutionTemplateLiteral(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    )
      strings.push({ start: node.getStart(), part: node.getText() });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...comments.values(), ...strings];
}
