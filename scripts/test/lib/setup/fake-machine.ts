import { ToolError } from '../../../lib/errors';
import type { Machine } from '../../../lib/setup/machine';
import type { OrgReader } from '../../../lib/setup/org-checks';

export const NOW = new Date('2026-11-28T12:00:00Z');
export const DEV_ID = '00D4fP53twgxYnvEBE';

export const machine: Machine = {
  nodeVersion: '24.0.0',
  cliVersion: () => '2.0.0',
  git: (...args) => Promise.resolve(args.includes('--version') ? 'git version 2.40.0' : 'true'),
  loginStoredAt: () => new Date('2026-11-25T10:00:00Z'),
  request: () => Promise.resolve({ status: 404, headers: new Headers({ date: NOW.toUTCString() }) }),
  now: () => NOW,
};

/** The rows of an org that has everything, by a part of the query. */
export const ROWS: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  'FROM Organization': [{ Id: DEV_ID, Name: 'dev', IsSandbox: true, TrialExpirationDate: null }],
  'FROM UserPermissionAccess': [
    {
      PermissionsCustomizeApplication: true,
      PermissionsConfigureLiveMessage: true,
      PermissionsModifyMetadata: true,
      PermissionsViewSetup: true,
    },
  ],
  'FROM ServiceChannel': [{ DeveloperName: 'sfdc_livemessage' }],
  'FROM MessagingChannel': ['Web_Chat', 'Mobile_Chat', 'Guest_Web_Chat'].map((name) => ({
    Id: '0Mj',
    DeveloperName: name,
    IsActive: true,
  })),
  'FROM EmbeddedServiceConfig': [{ DeveloperName: 'Web_Chat', DeploymentType: 'API' }],
};

type Answers = Readonly<Record<string, readonly Record<string, unknown>[] | ToolError>>;

export const readerOf = (answers: Answers = {}, login: Partial<OrgReader> = {}): OrgReader => ({
  home: '/home/me',
  loginOf: () => Promise.resolve({ username: 'admin@example.com', instanceUrl: 'http://127.0.0.1:4000' }),
  query: (_alias, soql) => {
    const [, answer] = Object.entries({ ...ROWS, ...answers }).find(([part]) => soql.includes(part)) ?? [];
    if (answer === undefined) throw new Error(`unexpected query: ${soql}`);
    return answer instanceof ToolError ? Promise.reject(answer) : Promise.resolve(answer as never);
  },
  experienceSites: () => Promise.resolve([]),
  ...login,
});
