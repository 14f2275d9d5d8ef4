import assert from 'node:assert/strict';
import type { LocalOrg } from '../../local-org/index';

/** An admin who works in Setup outside the project. */
export interface Admin {
  setActive(channel: string, active: boolean): Promise<void>;
  publish(deployment: string): Promise<void>;
}

/** Logs in to a local org without the CLI. */
export async function logInAsAdmin(org: LocalOrg): Promise<Admin> {
  const form = { grant_type: 'refresh_token', client_id: org.clientId, refresh_token: org.refreshToken };
  const login = await fetch(`${org.url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: session } = (await login.json()) as { access_token: string };
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${session}`, 'content-type': 'application/json' };
    const answer = await fetch(`${org.url}/services/data/v67.0/${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  const idOf = async (query: string, type: string, name: string): Promise<string> => {
    const soql = encodeURIComponent(`SELECT Id FROM ${type} WHERE DeveloperName = '${name}'`);
    const { records } = (await call('GET', `${query}?q=${soql}`)) as { records: readonly { Id: string }[] };
    return records[0]?.Id ?? assert.fail(`no ${type} ${name}`);
  };
  return {
    async setActive(channel, active) {
      const id = await idOf('query', 'MessagingChannel', channel);
      await call('PATCH', `sobjects/MessagingChannel/${id}`, { IsActive: active });
    },
    async publish(deployment) {
      const id = await idOf('tooling/query', 'EmbeddedServiceConfig', deployment);
      await call('POST', `connect/embeddedservice/embeddedserviceconfig/publish/${id}`, {});
    },
  };
}
