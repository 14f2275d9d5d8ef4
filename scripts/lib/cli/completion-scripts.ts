import { groupBy } from '../model';
import type { CompletionContext, CompletionFlag } from './completion';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/**
 * The script that completes commands, flags, and org aliases in a shell. It starts no process, so that a completion takes no
 * time: commands and flags are in the script, and aliases are the names of the files in config/orgs.
 */
export const completionScript = (shell: Shell, contexts: readonly CompletionContext[]): string =>
  SCRIPTS[shell](contexts);

const PROGRAM = 'chat-verification';

/** A text in single quotation marks, as POSIX shells read it. */
const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const flagWords = ({ long, short }: CompletionFlag): readonly string[] => [
  `--${long}`,
  ...(short === undefined ? [] : [`-${short}`]),
];

/** The values of flags by command and flag, such as `deploy --plan`: a flag can have another kind of value in another command. */
function valueCases(
  contexts: readonly CompletionContext[],
  bodyOf: (value: CompletionFlag['value']) => string,
): string {
  const entries = contexts.flatMap(({ path, flags }) =>
    flags
      .filter(({ value }) => value !== undefined)
      .map((flag) => ({ body: bodyOf(flag.value), words: valueWords(flag).map((word) => quote(`${path} ${word}`)) })),
  );
  return [...groupBy(entries, ({ body }) => body)]
    .map(([body, group]) => `    ${group.flatMap(({ words }) => words).join('|')}) ${body} ;;`)
    .join('\n');
}

/** A flag as it stands before its value. --target-org is an alias of --org that help hides. */
const valueWords = (flag: CompletionFlag): readonly string[] => [
  ...flagWords(flag),
  ...(flag.value === 'org' ? ['--target-org'] : []),
];

/** The command and subcommand before the cursor; `known` is a pattern of all of them. */
const FIND_PATH = `  for ((i = first; i < cursor; i++)); do
    word=\${words[i]}
    if [[ $word == --project ]]; then project=\${words[i+1]}
    elif [[ $word != -* && $known == *"|\${at:+$at }$word|"* ]]; then at="\${at:+$at }$word"; fi
  done`;

const knownPaths = (contexts: readonly CompletionContext[]): string =>
  `|${contexts.flatMap(({ path }) => (path === '' ? [] : [path])).join('|')}|`;

function bashScript(contexts: readonly CompletionContext[]): string {
  const valueBodies = (value: CompletionFlag['value']): string => {
    if (value === 'org') return '_chat_verification_orgs "$project" "$cur"; return';
    if (value === 'folder') return 'COMPREPLY=($(compgen -d -- "$cur")); return';
    if (value === 'file') return 'COMPREPLY=($(compgen -f -- "$cur")); return';
    return typeof value === 'object'
      ? `COMPREPLY=($(compgen -W ${quote(value.join(' '))} -- "$cur")); return`
      : 'return';
  };
  const items = contexts.map(
    ({ path, commands, flags }) =>
      `    ${quote(path)}) items=${quote([...commands.map(({ name }) => name), ...flags.flatMap(flagWords)].join(' '))} ;;`,
  );
  return `# Completion of ${PROGRAM} for bash. Add this line to ~/.bashrc, or run it in the project:
#   source <(npx ${PROGRAM} completion bash)
_chat_verification_orgs() {
  local file name
  for file in "$1"/config/orgs/*.json; do
    name=\${file##*/}; name=\${name%.json}
    [[ -f $file && $name != _* && $name == "$2"* ]] && COMPREPLY+=("$name")
  done
}
_chat_verification() {
  local words=("\${COMP_WORDS[@]}") cursor=$COMP_CWORD first=1 at= project=. items= word i
  local known=${quote(knownPaths(contexts))}
  local cur=\${words[cursor]} previous=\${words[cursor-1]}
  COMPREPLY=()
  # bash splits --org=uat at the equals sign.
  [[ $cur == = ]] && { cur=; previous=\${words[cursor-1]}; }
  [[ $previous == = ]] && previous=\${words[cursor-2]}
  [[ \${words[0]##*/} == npx ]] && first=2
${FIND_PATH}
  case "$at $previous" in
${valueCases(contexts, valueBodies)}
  esac
  case $at in
${items.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$items" -- "$cur"))
}
_chat_verification_npx() {
  if ((COMP_CWORD == 1)); then COMPREPLY=($(compgen -W ${PROGRAM} -- "\${COMP_WORDS[1]}"))
  elif [[ \${COMP_WORDS[1]} == ${PROGRAM} ]]; then _chat_verification; fi
}
complete -F _chat_verification ${PROGRAM}
complete -p npx > /dev/null 2>&1 || complete -o default -F _chat_verification_npx npx
`;
}

function zshScript(contexts: readonly CompletionContext[]): string {
  const valueBodies = (value: CompletionFlag['value']): string => {
    if (value === 'org') return '_chat_verification_orgs; return';
    if (value === 'folder') return '_files -/; return';
    if (value === 'file') return '_files; return';
    return typeof value === 'object' ? `compadd -- ${value.map(quote).join(' ')}; return` : 'return';
  };
  const entry = (word: string, description: string): string => `      ${quote(`${word}:${description}`)}`;
  const items = contexts.map(({ path, commands, flags }) =>
    [
      `    ${quote(path)}) items=(`,
      ...commands.map(({ name, description }) => entry(name, description)),
      ...flags.flatMap((flag) => flagWords(flag).map((word) => entry(word, flag.description))),
      '      ) ;;',
    ].join('\n'),
  );
  return `#compdef ${PROGRAM}
# Completion of ${PROGRAM} for zsh. Add this line to ~/.zshrc after compinit, or run it in the project:
#   source <(npx ${PROGRAM} completion zsh)
_chat_verification_orgs() {
  local file; local -a names
  for file in "$project"/config/orgs/*.json(N:t:r); do [[ $file != _* ]] && names+=("$file"); done
  compadd -- $names
}
_chat_verification() {
  local first=2 cursor=$CURRENT at= project=. word i; local -a items
  local known=${quote(knownPaths(contexts))}
  [[ \${words[1]:t} == npx ]] && first=3
${FIND_PATH}
  case "$at \${words[CURRENT-1]}" in
${valueCases(contexts, valueBodies)}
  esac
  case $at in
${items.join('\n')}
  esac
  _describe ${PROGRAM} items
}
_chat_verification_npx() {
  if ((CURRENT > 2)) && [[ $words[2] == ${PROGRAM} ]]; then _chat_verification
  elif (($+functions[_npx])); then _npx
  else _files; fi
}
compdef _chat_verification ${PROGRAM}
compdef _chat_verification_npx npx
`;
}

/** fish reads \\ and ' in single quotation marks. */
const fishQuote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fishScript(contexts: readonly CompletionContext[]): string {
  const line = (path: string, ...words: readonly string[]): string =>
    [`complete -c ${PROGRAM} -n ${fishQuote(`__chat_verification_at ${fishQuote(path)}`)}`, ...words].join(' ');
  const lines = contexts.flatMap(({ path, commands, flags }) => [
    ...commands.map(({ name, description }) => line(path, '-f -a', fishQuote(name), '-d', fishQuote(description))),
    ...flags.flatMap(withTargetOrg).map((flag) => line(path, ...fishFlag(flag))),
  ]);
  return `# Completion of ${PROGRAM} for fish. Write it to the folder of completions:
#   npx ${PROGRAM} completion fish > ~/.config/fish/completions/${PROGRAM}.fish
function __chat_verification_at
    set -l known ${contexts.flatMap(({ path }) => (path === '' ? [] : [fishQuote(path)])).join(' ')}
    set -l at ''
    for word in (commandline -opc)[2..]
        set -l path (string trim "$at $word")
        contains -- $path $known; and set at $path
    end
    test "$at" = "$argv[1]"
end
function __chat_verification_orgs
    set -l project .
    set -l words (commandline -opc)
    set -l index (contains -i -- --project $words); and set project $words[(math $index + 1)]
    for file in $project/config/orgs/*.json
        set -l name (string replace -r '\\.json$' '' (string replace -r '.*/' '' $file))
        string match -q '_*' $name; or echo $name
    end
end
complete -c ${PROGRAM} -f
${lines.join('\n')}
`;
}

/** fish completes the value of a flag only if it knows the flag. */
const withTargetOrg = (flag: CompletionFlag): readonly CompletionFlag[] =>
  flag.value === 'org' ? [flag, { long: 'target-org', description: 'Same as --org.', value: 'org' }] : [flag];

function fishFlag({ long, short, description, value }: CompletionFlag): readonly string[] {
  const names = [`-l ${long}`, ...(short === undefined ? [] : [`-s ${short}`])];
  return [...names, ...fishValue(value), '-d', fishQuote(description)];
}

function fishValue(value: CompletionFlag['value']): readonly string[] {
  if (value === undefined) return [];
  if (value === 'org') return ['-x -a', fishQuote('(__chat_verification_orgs)')];
  if (value === 'folder') return ['-x -a', fishQuote('(__fish_complete_directories)')];
  if (value === 'file') return ['-r -F'];
  return value === 'text' ? ['-x'] : ['-x -a', fishQuote(value.join(' '))];
}

const SCRIPTS: Readonly<Record<Shell, (contexts: readonly CompletionContext[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};
