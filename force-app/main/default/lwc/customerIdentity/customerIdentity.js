import { LightningElement, api } from 'lwc';
import isGuest from '@salesforce/user/isGuest';
import mint from '@salesforce/apex/CustomerIdentityToken.mint';
import failed from '@salesforce/label/c.Customer_Identity_Failed';
import passed from '@salesforce/label/c.Customer_Identity_Passed';
import passing from '@salesforce/label/c.Customer_Identity_Passing';
import tryAgain from '@salesforce/label/c.Customer_Identity_Try_Again';
import unsupportedSite from '@salesforce/label/c.Customer_Identity_Unsupported_Site';
import { Attempts } from './attempts';
import { EVENT, REASON } from './contract';

const DEFAULT_ATTEMPTS = 3;
const MOST_ATTEMPTS = 5;

/** What people see; `verified` means that the token was handed over: whether chat accepts it, only chat knows. */
const STATE = Object.freeze({ IDLE: 'idle', LOADING: 'loading', VERIFIED: 'verified', ERROR: 'error' });

const STATUS = Object.freeze({ [STATE.LOADING]: passing, [STATE.VERIFIED]: passed });

/**
 * LWR leaves this global in its module-loader mode. Its absence proves nothing (the sandbox may hide it, and LWR's other
 * mode removes it), so an LWR site can slip through; an Aura site is never refused.
 */
const runsOnLwr = () => 'LWR' in window;

const tell = (type, detail) => window.dispatchEvent(new CustomEvent(type, { detail }));

/**
 * For Experience Builder sites on an Aura template: tells Enhanced Chat who the logged-in member is, by handing a token
 * from Apex to the page whenever the page asks for one (contract.js). To guests it shows and says nothing.
 */
export default class CustomerIdentity extends LightningElement {
  @api showStatus = false;
  @api maxAttempts = DEFAULT_ATTEMPTS;

  label = { tryAgain };
  state = STATE.IDLE;
  reason = REASON.REFUSED;

  connectedCallback() {
    if (isGuest) return;
    if (runsOnLwr()) {
      this.giveUp(REASON.UNSUPPORTED);
      return;
    }
    this.startCounting();
    window.addEventListener(EVENT.NEEDED, this.handleNeeded);
    tell(EVENT.READY);
  }

  disconnectedCallback() {
    window.removeEventListener(EVENT.NEEDED, this.handleNeeded);
    clearTimeout(this.timer);
  }

  get showsStatus() {
    return this.showStatus && !isGuest;
  }

  get status() {
    return STATUS[this.state];
  }

  get failure() {
    if (this.state !== STATE.ERROR) return undefined;
    return this.reason === REASON.UNSUPPORTED ? unsupportedSite : failed;
  }

  get canTryAgain() {
    return this.reason !== REASON.UNSUPPORTED;
  }

  handleNeeded = () => {
    if (this.state !== STATE.LOADING) this.attempt();
  };

  handleTryAgain() {
    this.startCounting();
    this.attempt();
  }

  startCounting() {
    const wanted = Math.trunc(this.maxAttempts) || DEFAULT_ATTEMPTS;
    this.attempts = new Attempts(Math.min(Math.max(wanted, 1), MOST_ATTEMPTS));
  }

  attempt() {
    const wait = this.attempts.take(Date.now());
    if (wait === undefined) {
      this.giveUp(this.reason);
      return;
    }
    this.state = STATE.LOADING;
    // eslint-disable-next-line @lwc/lwc/no-async-operation -- waiting is the point; disconnectedCallback ends it
    this.timer = setTimeout(() => this.handOver(), wait);
  }

  async handOver() {
    let token;
    try {
      token = await mint();
    } catch {
      this.reason = REASON.REFUSED;
      if (this.isConnected) this.attempt();
      return;
    }
    if (!this.isConnected) return;
    this.reason = REASON.REPEATED;
    this.state = STATE.VERIFIED;
    tell(EVENT.TOKEN, token);
  }

  giveUp(reason) {
    this.reason = reason;
    this.state = STATE.ERROR;
    tell(EVENT.FAILED, reason);
  }
}
