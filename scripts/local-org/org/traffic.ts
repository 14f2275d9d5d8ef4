import { PREFIX, recordId, uuidOf } from '../identifiers';
import type { TrafficSettings } from '../traffic-settings';
import { ChatStore } from './chat-store';

/** A chat deployment that customers can use. */
export interface TrafficStream {
  readonly chatDeployment: string;
  readonly channel: string;
  /** the Configuration Name; undefined if the channel doesn't verify users */
  readonly authIdentifier?: string;
}

/** A time in which the chat deployments and the rates were the same, in milliseconds since 1970. The end isn't part of it. */
interface Period {
  readonly from: number;
  readonly to: number;
  readonly streams: readonly TrafficStream[];
  readonly settings: TrafficSettings;
}

const HOUR_MS = 3_600_000;
const CHAT_MS = 5 * 60_000;
/** The number of customers whose chats are verified. Each of them comes back. */
const CUSTOMERS = 500;

/**
 * Chats of customers, computed from the clock: the same time, rate, and chat deployment always give the same chats. They are spread
 * evenly. They aren't saved with the org, so a restart begins them again.
 */
export class Traffic {
  readonly chats = new ChatStore();
  readonly #orgId: string;
  readonly #known = new Set<string>();
  #settings: TrafficSettings;
  #startedAt: number;
  #until: number;

  constructor(orgId: string, settings: TrafficSettings, now: Date) {
    this.#orgId = orgId;
    this.#settings = settings;
    this.#startedAt = this.#until = now.getTime();
  }

  /** Replaces the rates from now on. Call `advance` before. */
  replace(settings: TrafficSettings, now: Date): void {
    this.#settings = settings;
    this.#startedAt = now.getTime();
  }

  /** Adds the chats until now. `streams` are the chat deployments since the last call, so call it before they change. */
  advance(streams: readonly TrafficStream[], now: Date): void {
    const [from, to] = [this.#until, now.getTime()];
    for (const stream of streams) this.#addPast(stream);
    if (to <= from) return;
    this.#until = to;
    const brokenAt = this.#startedAt + (this.#settings.brokenAfterMs ?? Number.POSITIVE_INFINITY);
    this.#add({ from, to: Math.min(to, brokenAt), streams, settings: this.#settings });
    this.#add({ from: Math.max(from, brokenAt), to, streams, settings: brokenSettings(this.#settings) });
  }

  /** The chats of the time before the org started, for a chat deployment that is new in the org. */
  #addPast(stream: TrafficStream): void {
    const to = this.#startedAt;
    if (this.#known.size === this.#known.add(stream.chatDeployment).size) return;
    this.#add({ from: to - this.#settings.beforeMs, to, streams: [stream], settings: this.#settings });
  }

  #add(period: Period): void {
    if (period.to > period.from) chatsOf(this.#orgId, period).forEach((chat) => addChat(this.chats, this.#orgId, chat));
  }
}

/** The rates after the verification broke: nobody is verified. */
const brokenSettings = (settings: TrafficSettings): TrafficSettings => ({
  ...settings,
  verifiedPerHour: 0,
  unverifiedPerHour: settings.unverifiedPerHour + (settings.broken === 'unverified' ? settings.verifiedPerHour : 0),
});

/** A chat, and the customer who has it. */
interface Chat {
  readonly at: number;
  readonly channel: string;
  readonly subject: string;
}

function chatsOf(orgId: string, { from, to, streams, settings }: Period): readonly Chat[] {
  return streams.flatMap(({ chatDeployment, channel, authIdentifier }) => {
    const verified = authIdentifier === undefined ? [] : times(from, to, settings.verifiedPerHour);
    return [
      ...verified.map(([index, at]) => ({ at, channel, subject: verifiedSubject(authIdentifier ?? '', index) })),
      // Half a period later, so that the two kinds of chats don't begin at the same time.
      ...times(from, to, settings.unverifiedPerHour, 0.5).map(([index, at]) => {
        const subject = `v2/iamessage/UNAUTH/NA/uid:${uuidOf(orgId, chatDeployment, String(index))}`;
        return { at, channel, subject };
      }),
    ];
  });
}

/** The platform key of a verified user; that of an unverified user has UNAUTH/NA. (Public walkthroughs of live orgs; confirmed) */
const verifiedSubject = (authIdentifier: string, index: number): string =>
  `v2/iamessage/AUTH/${authIdentifier}/uid:customer-${index % CUSTOMERS}`;

/** The numbers and times of the chats in a period. */
function times(from: number, to: number, perHour: number, phase = 0): readonly (readonly [number, number])[] {
  if (perHour === 0) return [];
  const interval = HOUR_MS / perHour;
  const first = Math.ceil(from / interval - phase);
  const count = Math.max(0, Math.ceil(to / interval - phase) - first);
  return Array.from({ length: count }, (_, index) => [first + index, Math.round((first + index + phase) * interval)]);
}

/** A customer has one conversation, in which each chat is a session. (Help, overview of user verification) */
function addChat(store: ChatStore, orgId: string, { at, channel, subject }: Chat): void {
  const identifier = uuidOf(orgId, 'traffic', subject);
  const id = recordId(PREFIX.conversation, orgId, identifier);
  const startedAt = toIso(at);
  if (!store.endUser(subject)) {
    const endUserId = recordId(PREFIX.messagingEndUser, orgId, subject);
    store.addEndUser({ id: endUserId, subject, channel, createdDate: startedAt });
    store.addConversation({ identifier, id, subject, startedAt, sessions: [], entries: [] });
  }
  const sessionId = recordId(PREFIX.messagingSession, id, channel, startedAt);
  const session = { id: sessionId, channel, startedAt, endedAt: toIso(at + CHAT_MS) };
  store.conversation(identifier)?.sessions.push(session);
}

const toIso = (milliseconds: number): string => new Date(milliseconds).toISOString();
