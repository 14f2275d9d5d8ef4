/** A browser session at an OpenID Connect provider with the development login pages of oidc-provider: cookies, and forms. */
class Browser {
  private readonly cookies = new Map<string, string>();

  /** Sends a request, and follows redirects until one leads to `stopAt`. */
  async open(
    url: string,
    stopAt: string,
    form?: Readonly<Record<string, string>>,
  ): Promise<{ url: string; text: string }> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const header of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      this.cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) return { url, text: await response.text() };
    const target = new URL(location, url).href;
    return target.startsWith(stopAt) ? { url: target, text: '' } : this.open(target, stopAt);
  }
}

/** Logs a user in with the authorization code flow, and returns the ID token. */
export async function logIn(
  issuer: string,
  client: { id: string; redirectUri: string },
  user: string,
): Promise<string> {
  const browser = new Browser();
  const query = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: 'openid',
  });
  let page = await browser.open(`${issuer}/auth?${query.toString()}`, client.redirectUri);
  for (const form of [{ prompt: 'login', login: user, password: 'any' }, { prompt: 'consent' }]) {
    if (page.url.startsWith(client.redirectUri)) break;
    page = await browser.open(page.url, client.redirectUri, form);
  }
  const code = new URL(page.url).searchParams.get('code');
  if (code === null) throw new Error(`No code: ${page.url} ${page.text.slice(0, 500)}`);
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: client.id,
      redirect_uri: client.redirectUri,
    }),
  });
  const { id_token: idToken } = (await response.json()) as { id_token?: string };
  return idToken ?? '';
}
