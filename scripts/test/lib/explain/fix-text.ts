import assert from 'node:assert/strict';

/** The commands that fixes name, with placeholders in uppercase. Each is one of scripts/README.md or a guide. */
const COMMANDS = [
  ...['check', 'verify', 'client-kit', 'deploy -- --all', 'deploy -- --all --publish', 'deploy -- --org uat'],
  ...['deploy -- --org uat --publish', 'token -- explain', 'token -- explain --at TIME', 'keys -- list'],
  'token -- mint --org ORG --channel CHANNEL --subject CUSTOMER --private-key FILE',
  ...['keys -- check-endpoint KEYSET', 'keys -- check-endpoint Customer_Identity'],
  ...['keys -- import NAME --from FILE', 'keys -- import Web_2026 --from CERTIFICATE'],
  'keys -- rotate stage KEYSET --new-key Web_2026',
  'keys -- rotate retire KEYSET --old-key NAME --compromised',
];

/** Fails unless a fix is a text whose commands are complete. */
export function assertFix(fix: string): void {
  assert.match(fix, /^[A-Z].{9,}/s);
  for (const [, command = ''] of fix.matchAll(/npm run (.*?)(?=\.(?: |$)|,|\)| <|; |$)/g))
    assert.ok(COMMANDS.includes(command), `npm run ${command}`);
}
