import { createElement } from 'lwc';
import CustomerIdentity from 'c/customerIdentity';
import mint from '@salesforce/apex/CustomerIdentityToken.mint';
import { EVENT } from '../contract';

jest.mock('@salesforce/user/isGuest', () => ({ default: true }), { virtual: true });
jest.mock('@salesforce/apex/CustomerIdentityToken.mint', () => ({ default: jest.fn() }), { virtual: true });

describe('for a guest', () => {
  it('shows nothing, says nothing and asks for nothing', async () => {
    const told = jest.fn();
    for (const type of [EVENT.READY, EVENT.TOKEN, EVENT.FAILED]) window.addEventListener(type, told);
    const element = createElement('c-customer-identity', { is: CustomerIdentity });
    element.showStatus = true;
    document.body.appendChild(element);

    const taken = !window.dispatchEvent(new CustomEvent(EVENT.NEEDED, { cancelable: true }));
    await Promise.resolve();

    expect(taken).toBe(false);
    expect(element.shadowRoot.childElementCount).toBe(0);
    expect(told).not.toHaveBeenCalled();
    expect(mint).not.toHaveBeenCalled();
  });
});
