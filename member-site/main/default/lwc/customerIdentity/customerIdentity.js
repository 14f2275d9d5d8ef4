import { LightningElement, api } from 'lwc';
import isGuest from '@salesforce/user/isGuest';
import mint from '@salesforce/apex/CustomerIdentityToken.mint';
import failed from '@salesforce/label/c.Customer_Identity_Failed';
import sending from '@salesforce/label/c.Customer_Identity_Sending';
import sent from '@salesforce/label/c.Customer_Identity_Sent';
import tryAgain from '@salesforce/label/c.Customer_Identity_Try_Again';
import unsupportedSite from '@salesforce/label/c.Customer_Identity_Unsupported_Site';
import { Attempts } from './attempts';
import { EVENT, REASON } from './events';

const DEFAULT_ATTEMPTS = 3;
const MAX_ATTEMPTS = 5;

/** The states of the component. TOKEN_SENT doesn't mean that Salesforce has verified the token. */
const STATE = Object.freeze({ IDLE: 'idle', LOADING: 'loading', TOKEN_SENT: 'token-sent', ERROR: 'error' });

const STATUS = Object.freeze({ [STATE.LOADING]: sending, [STATE.TOKEN_SENT]: sent });

/**
 * LWR sets this global variable in its module loader mode. The variable can be missing on an LWR site: the sandbox can hide it,
 * and the other mode of LWR removes it. So this check can miss an LWR site, but it never blocks an Aura site.
 */
const runsOnLwr = () => 'LWR' in window;

const dispatch = (type, detail) => window.dispatchEvent(new CustomEvent(type, { detail }));

/**
 * For Experience Builder sites that use an Aura template. Provides Enhanced Chat with the identity of the logged-in user: when
 * the web client requests a token (see events.js), the component creates one with Apex. It shows nothing to guest users and
 * dispatches no events for them.
 */
export default class CustomerIdentity extends LightningElement {
  @api showStatus = false;
  @api maxAttempts = DEFAULT_ATTEMPTS;

  label = { tryAgain };
  state = STATE.IDLE;
  reason = REASON.NOT_CREATED;
  requestId = 0;

  connectedCallback() {
    if (isGuest) return;
    window.addEventListener(EVENT.NEEDED, this.handleNeeded);
    if (runsOnLwr()) {
      this.fail(REASON.UNSUPPORTED);
      return;
    }
    window.addEventListener(EVENT.REJECTED, this.handleRejected);
    this.resetAttempts();
    dispatch(EVENT.READY);
  }

  disconnectedCallback() {
    window.removeEventListener(EVENT.NEEDED, this.handleNeeded);
    window.removeEventListener(EVENT.REJECTED, this.handleRejected);
    this.cancelRequest();
  }

  get showsStatus() {
    return this.showStatus && !isGuest;
  }

  get status() {
    return STATUS[this.state];
  }

  get errorMessage() {
    if (this.state !== STATE.ERROR) return undefined;
    return this.reason === REASON.UNSUPPORTED ? unsupportedSite : failed;
  }

  get canRetry() {
    return this.reason !== REASON.UNSUPPORTED;
  }

  handleNeeded = (event) => {
    event.preventDefault();
    if (this.reason === REASON.UNSUPPORTED) this.fail(this.reason);
    else if (this.state !== STATE.LOADING) this.scheduleRequest();
  };

  handleRejected = () => {
    this.cancelRequest();
    this.state = STATE.ERROR;
  };

  /** Tells the web client that the component is ready. The web client then requests a token. */
  handleRetry() {
    this.resetAttempts();
    this.state = STATE.IDLE;
    dispatch(EVENT.READY);
  }

  /** Cancels the scheduled request and ignores the result of a running one. */
  cancelRequest() {
    clearTimeout(this.timer);
    this.requestId += 1;
  }

  resetAttempts() {
    const requested = Math.trunc(this.maxAttempts) || DEFAULT_ATTEMPTS;
    this.attempts = new Attempts(Math.min(Math.max(requested, 1), MAX_ATTEMPTS));
  }

  scheduleRequest() {
    const delay = this.attempts.next(Date.now());
    if (delay === undefined) {
      this.fail(this.reason);
      return;
    }
    this.state = STATE.LOADING;
    // eslint-disable-next-line @lwc/lwc/no-async-operation -- the delay is intended; disconnectedCallback clears the timer
    this.timer = setTimeout(() => this.sendToken(), delay);
  }

  async sendToken() {
    const { requestId } = this;
    let token;
    try {
      token = await mint();
    } catch {
      if (requestId !== this.requestId) return;
      this.reason = REASON.NOT_CREATED;
      this.scheduleRequest();
      return;
    }
    if (requestId !== this.requestId) return;
    this.reason = REASON.REJECTED;
    this.state = STATE.TOKEN_SENT;
    dispatch(EVENT.TOKEN, token);
  }

  fail(reason) {
    this.reason = reason;
    this.state = STATE.ERROR;
    dispatch(EVENT.FAILED, reason);
  }
}
