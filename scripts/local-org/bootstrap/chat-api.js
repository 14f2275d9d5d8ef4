import { claimsOf } from './identity-token.js';

const CAPABILITIES = '260';

/** An error response of the Enhanced Chat API. */
export class ChatApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The calls of the chat client to the Enhanced Chat API. */
export function createChatApi({ scrt2URL, orgId, eswConfigDevName, language = 'en_US' }) {
  async function call(method, path, token, body) {
    const headers = {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const init = {
      method,
      headers,
      cache: 'no-store',
      credentials: 'omit',
      ...(body && { body: JSON.stringify(body) }),
    };
    const response = await fetch(scrt2URL + path, init);
    const text = await response.text();
    const content = text ? JSON.parse(text) : {};
    if (!response.ok) throw new ChatApiError(response.status, content.message ?? content.text ?? response.statusText);
    return content;
  }

  const requestAccess = async (kind, members) => {
    const body = { orgId, developerName: eswConfigDevName, capabilitiesVersion: CAPABILITIES, ...members };
    const { accessToken, lastEventId } = await call(
      'POST',
      `/iamessage/v1/authorization/${kind}/accessToken`,
      '',
      body,
    );
    const { exp, sub } = claimsOf(accessToken);
    return { token: accessToken, lastEventId, expiresAt: exp, subject: sub };
  };

  return {
    async readConfiguration() {
      const query = new URLSearchParams({ orgId, esConfigName: eswConfigDevName, language });
      const { embeddedServiceConfig } = await call('GET', `/embeddedservice/v1/embedded-service-config?${query}`);
      return embeddedServiceConfig;
    },
    unverifiedAccess: () => requestAccess('unauthenticated', {}),
    exchange: (customerIdentityToken) =>
      requestAccess('authenticated', { authorizationType: 'JWT', customerIdentityToken }),
    list: (token) => call('POST', '/iamessage/v1/queries/conversation/list', token, {}),
    open: (token, conversationId, routingAttributes) =>
      call('POST', '/iamessage/v1/conversation', token, { conversationId, routingAttributes }),
    entries: (token, id) => call('GET', `/iamessage/v1/queries/conversation/${id}/entries`, token),
    end: (token, id) => call('DELETE', `/iamessage/v1/conversation/${id}`, token),
    write: (token, id, text) =>
      call('POST', `/iamessage/v1/conversation/${id}/message`, token, {
        id: crypto.randomUUID(),
        messageType: 'StaticContentMessage',
        staticContent: { formatType: 'Text', text },
      }),
    /** Reads events until the stream ends or is aborted. It uses fetch, because EventSource can't send headers. */
    async listen({ token, lastEventId }, signal, onEvent) {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: 'text/event-stream',
        'x-org-id': orgId.slice(0, 15),
        'last-event-id': lastEventId,
      };
      const response = await fetch(`${scrt2URL}/eventrouter/v1/sse`, { headers, signal, credentials: 'omit' });
      if (!response.ok) throw new ChatApiError(response.status, 'The event stream was rejected.');
      let rest = '';
      for await (const text of readTexts(response.body)) {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop();
        blocks.map(parseEvent).forEach(onEvent);
      }
    },
  };
}

async function* readTexts(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

function parseEvent(block) {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  return { id: fields.id, type: fields.event, data: JSON.parse(fields.data) };
}
