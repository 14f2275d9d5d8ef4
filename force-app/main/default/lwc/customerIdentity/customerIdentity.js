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

/** What people see; `verified` means that the token was handed over, and that nobody has said since that it was refused. */
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
  round = 0;

  connectedCallback() {
    if (isGuest) return;
    window.addEventListener(EVENT.NEEDED, this.handleNeeded);
    if (runsOnLwr()) {
      this.giveUp(REASON.UNSUPPORTED);
      return;
    }
    window.addEventListener(EVENT.REFUSED, this.handleRefused);
    this.startCounting();
    tell(EVENT.READY);
  }

  disconnectedCallback() {
    window.removeEventListener(EVENT.NEEDED, this.handleNeeded);
    window.removeEventListener(EVENT.REFUSED, this.handleRefused);
    this.drop();
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

  handleNeeded = (event) => {
    event.preventDefault();
    if (this.reason === REASON.UNSUPPORTED) this.giveUp(this.reason);
    else if (this.state !== STATE.LOADING) this.attempt();
  };

  handleRefused = () => {
    this.drop();
    this.state = STATE.ERROR;
  };

  /** The page is the one that asks: it does so as soon as it hears that it can. */
  handleTryAgain() {
    this.startCounting();
    this.state = STATE.IDLE;
    tell(EVENT.READY);
  }

  /** Nobody waits any longer for the token that is on its way. */
  drop() {
    clearTimeout(this.timer);
    this.round += 1;
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
    const { round } = this;
    let token;
    try {
      token = await mint();
    } catch {
      if (round !== this.round) return;
      this.reason = REASON.REFUSED;
      this.attempt();
      return;
    }
    if (round !== this.round) return;
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
