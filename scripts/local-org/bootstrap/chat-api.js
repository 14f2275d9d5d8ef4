import { claimsOf } from './identity-token.js';

const CAPABILITIES = '260';

/** A request that the messaging runtime answered with an error. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The messaging runtime, as the web client calls it. */
export function createRuntime({ scrt2URL, orgId, eswConfigDevName, language = 'en_US' }) {
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
    const answer = await fetch(scrt2URL + path, init);
    const text = await answer.text();
    const content = text ? JSON.parse(text) : {};
    if (!answer.ok) throw new Refused(answer.status, content.message ?? content.text ?? answer.statusText);
    return content;
  }

  const authorize = async (kind, more) => {
    const body = { orgId, developerName: eswConfigDevName, capabilitiesVersion: CAPABILITIES, ...more };
    const { accessToken, lastEventId } = await call(
      'POST',
      `/iamessage/v1/authorization/${kind}/accessToken`,
      '',
      body,
    );
    const { exp, sub } = claimsOf(accessToken);
    return { token: accessToken, lastEventId, expires: exp, subject: sub };
  };

  return {
    async configuration() {
      const query = new URLSearchParams({ orgId, esConfigName: eswConfigDevName, language });
      const answer = await call('GET', `/embeddedservice/v1/embedded-service-config?${query}`);
      return answer.embeddedServiceConfig;
    },
    guest: () => authorize('unauthenticated', {}),
    exchange: (customerIdentityToken) =>
      authorize('authenticated', { authorizationType: 'JWT', customerIdentityToken }),
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
    /** Reads events until the stream ends or is stopped; EventSource cannot send the headers. */
    async listen({ token, lastEventId }, signal, tell) {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: 'text/event-stream',
        'x-org-id': orgId.slice(0, 15),
        'last-event-id': lastEventId,
      };
      const answer = await fetch(`${scrt2URL}/eventrouter/v1/sse`, { headers, signal, credentials: 'omit' });
      if (!answer.ok) throw new Refused(answer.status, 'The stream of events is refused.');
      let rest = '';
      for await (const text of textsOf(answer.body)) {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop();
        blocks.map(eventIn).forEach(tell);
      }
    },
  };
}

async function* textsOf(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

function eventIn(block) {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  return { id: fields.id, type: fields.event, data: JSON.parse(fields.data) };
}
