import { createElement } from 'lwc';
import CustomerIdentity from 'c/customerIdentity';
import mint from '@salesforce/apex/CustomerIdentityToken.mint';
import { EVENT } from '../events';

jest.mock('@salesforce/user/isGuest', () => ({ default: true }), { virtual: true });
jest.mock('@salesforce/apex/CustomerIdentityToken.mint', () => ({ default: jest.fn() }), { virtual: true });

describe('for a guest user', () => {
  it('shows nothing, dispatches nothing, and creates no token', async () => {
    const onEvent = jest.fn();
    for (const type of [EVENT.READY, EVENT.TOKEN, EVENT.FAILED]) window.addEventListener(type, onEvent);
    const element = createElement('c-customer-identity', { is: CustomerIdentity });
    element.showStatus = true;
    document.body.appendChild(element);

    const willRespond = !window.dispatchEvent(new CustomEvent(EVENT.NEEDED, { cancelable: true }));
    await Promise.resolve();

    expect(willRespond).toBe(false);
    expect(element.shadowRoot.childElementCount).toBe(0);
    expect(onEvent).not.toHaveBeenCalled();
    expect(mint).not.toHaveBeenCalled();
  });
});
