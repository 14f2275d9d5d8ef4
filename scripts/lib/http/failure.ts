import { ProxySettingError } from './proxy';
import { PrivateAddressError } from './public-lookup';

/** Why a request failed, and what to do about it. Neither contains a part of the request. */
export interface HttpFailure {
  readonly why: string;
  readonly fix?: string;
}

const CA_FIX =
  'If your network inspects TLS traffic or the server has a private certificate authority, set NODE_EXTRA_CA_CERTS to the PEM file of that authority. Salesforce documents no way to trust a private one.';

/** Failures of the connection by the error codes of Node.js and OpenSSL. */
const FAILURES: Readonly<Record<string, HttpFailure>> = {
  ENOTFOUND: { why: "The host name doesn't exist", fix: 'Correct the host name of the URL.' },
  EAI_AGAIN: {
    why: "The host name can't be resolved now",
    fix: 'Check the network. If requests need a proxy, set HTTPS_PROXY.',
  },
  ECONNREFUSED: { why: 'The server refused the connection' },
  ECONNRESET: { why: 'The server closed the connection without a response' },
  ETIMEDOUT: { why: 'The connection timed out', fix: 'Check the network. If requests need a proxy, set HTTPS_PROXY.' },
  ENETUNREACH: { why: 'The network of the server is unreachable from this machine' },
  EHOSTUNREACH: { why: 'The server is unreachable from this machine' },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    why: 'The server has a self-signed certificate',
    fix: 'Install a certificate of a public certificate authority on the server.',
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    why: "The certificate of the server comes from a certificate authority that this machine doesn't trust",
    fix: CA_FIX,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    why: 'The server sends only its own certificate: the intermediate certificate is missing, or its certificate authority is private',
    fix: `Configure the server to send its certificate chain with the intermediate certificates. ${CA_FIX}`,
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    why: 'The certificate chain of the server is incomplete, or its certificate authority is private',
    fix: `Configure the server to send its certificate chain with the intermediate certificates. ${CA_FIX}`,
  },
  CERT_HAS_EXPIRED: { why: 'The certificate of the server has expired', fix: 'Renew the certificate of the server.' },
  CERT_NOT_YET_VALID: {
    why: "The certificate of the server isn't valid yet",
    fix: 'Check the clock of this machine, and the certificate of the server.',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    why: "The server doesn't use TLS on this port",
    fix: 'Correct the port of the URL, or serve HTTPS there.',
  },
  ERR_SSL_UNSUPPORTED_PROTOCOL: {
    why: "The server doesn't support TLS 1.2 or later",
    fix: 'Enable TLS 1.2 or 1.3.',
  },
};

interface CodedError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly cert?: { readonly subjectaltname?: string };
}

/** Explains why a request failed. `proxy` is the proxy that it was sent to, `timeoutMs` its limit. */
export function explainHttpFailure(thrown: unknown, timeoutMs: number, proxy?: URL): HttpFailure {
  if (!(thrown instanceof Error)) return { why: String(thrown) };
  if (thrown.name === 'TimeoutError') return timeoutFailure(timeoutMs, proxy);
  if (thrown instanceof PrivateAddressError || thrown instanceof ProxySettingError) return { why: thrown.message };
  const { code, message, statusCode, cert } = thrown as CodedError;
  if (code === 'ERR_PROXY_TUNNEL') return proxyFailure(proxy, statusCode, message);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return hostFailure(cert?.subjectaltname ?? '');
  const known = FAILURES[code ?? ''];
  const why = `${known?.why ?? message} (${code ?? thrown.name}).`;
  return proxy && CONNECT_CODES.includes(code ?? '')
    ? { why: `The proxy ${proxy.host} can't be reached: ${why}`, fix: PROXY_FIX }
    : { ...known, why };
}

function timeoutFailure(timeoutMs: number, proxy: URL | undefined): HttpFailure {
  const through = proxy ? ` through the proxy ${proxy.host}` : '';
  return { why: `No response arrived within ${timeoutMs / 1000} seconds${through}.` };
}

const PROXY_FIX = 'Check HTTPS_PROXY. For a host that is reachable without the proxy, add it to NO_PROXY.';

/** Codes of a connection that wasn't made: through a proxy, it is the one to the proxy. */
const CONNECT_CODES = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ETIMEDOUT', 'ENETUNREACH', 'EHOSTUNREACH'];

function proxyFailure(proxy: URL | undefined, status: number | undefined, message: string): HttpFailure {
  const code = status ?? Number(/HTTP\/\d\.\d (\d{3})/.exec(message)?.[1]);
  const name = `The proxy ${proxy?.host ?? ''}`;
  if (code === 407)
    return { why: `${name} requires a login (407).`, fix: 'Set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT.' };
  return {
    why: `${name} refused the connection to the host${Number.isNaN(code) ? '' : ` (${code})`}.`,
    fix: PROXY_FIX,
  };
}

/** The names of a certificate come from the server, so only a short text of harmless characters is repeated. */
function hostFailure(names: string): HttpFailure {
  const shown = names.replace(/[^\w.*:, -]/g, '').slice(0, 200);
  return {
    why: `The certificate of the server is for another host${shown === '' ? '' : `: ${shown}`}.`,
    fix: 'Correct the host of the URL, or install a certificate for this host.',
  };
}
