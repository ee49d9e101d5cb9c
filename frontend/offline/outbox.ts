// The outbox: a submission is written here before it is sent, and leaves when the server has answered for it.
//
// Pages and the service worker use this same code. Whoever sends holds a lock that the browser shares out over all
// tabs and the worker, so that submissions go one at a time, in order. Were it to fail, no harm would come: the server
// knows a submission by its id.

import { of, transact } from './database';
import { identifier, timeOf } from './identifier';
import type { Delay, Draft, Refusal, Sent, Waiting } from './records';
import { judge, serverTime, type Verdict } from './verdict';

const LOCK = 'allot-outbox';
/** Whoever listens looks again. */
export const CHANNEL = 'allot-outbox';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/** The server answers within ten seconds or not at all. */
const PATIENCE = 12 * SECOND;
/** Pauses double from the first to the last. */
const FIRST_PAUSE = SECOND / 2;
const LAST_PAUSE = 5 * 60 * SECOND;
/** The server takes an unknown id up to 90 days old; with some room. */
const OLDEST = 90 * DAY - HOUR;
/** Until this age the server still knows every id that it ever took: then an id that it refuses was never taken. */
const REMEMBERED = 92 * DAY;
/** A server that refuses every id is not one that we know. */
const MOST_RENAMES = 3;
/** A clock that is off by no more is right. */
const TOLERANCE = 2 * 60 * SECOND;
/** What the device keeps of what was sent: as long as the cookie lives with consent to it, else to see the result. */
const WITH_CONSENT = 400 * DAY;
const WITHOUT = DAY;
const WITHOUT_BUT_WAITED = 30 * DAY;

/** What became of one submission so far. */
export type State =
  | { is: 'sent'; id: string }
  | { is: 'waiting'; why: Delay | undefined; until: number | undefined }
  | { is: 'refused'; why: Refusal };

/** By how many milliseconds the device's clock is ahead of the server's; unknown until the server was asked. */
type Clock = { wrong: number | undefined };

/** How long to leave the server alone, in milliseconds of the device's clock. */
type Wait = { since: number; until: number };

/** What a form's id was used for. */
type Use = { made: number; points: string };

/** Writes a submission down; it is durable when this resolves. Answers its place in the queue. */
export async function keep({ id, remembered, ...draft }: Draft): Promise<number> {
  const made = Date.now();
  const points = JSON.stringify(draft.points);
  const seq = await transact('readwrite', async ({ outbox, notes }) => {
    if (remembered) notes.put(true, 'consent');
    const used = id && ((await of(notes.get(`used ${id}`))) as Use | undefined);
    // The same numbers from the same form again are the same submission; other numbers are another one.
    const own = !id || (used && used.points !== points);
    if (!own && !used) notes.put({ made, points } satisfies Use, `used ${id}`);
    const item: Omit<Waiting, 'seq'> = {
      ...draft,
      id: own ? identifier(made) : id,
      made,
      unchecked: Boolean(own),
      unsure: false,
      tries: 0,
      renamed: 0,
    };
    return of(outbox.add(item));
  });
  changed();
  return seq as number;
}

/** Takes a submission out of the outbox; `untried`: only if it can't have been taken. Answers whether it did. */
export async function withdraw(seq: number, untried = false): Promise<boolean> {
  const gone = await transact('readwrite', async ({ outbox }) => {
    const item = (await of(outbox.get(seq))) as Waiting | undefined;
    if (!item || (untried && item.unsure)) return false;
    await of(outbox.delete(seq));
    return true;
  });
  changed();
  return gone;
}

/** Sends what waits, in order, until the outbox is empty or there is a reason to wait; answers how long, or nothing. */
export async function send(ask?: { eager?: boolean }): Promise<number | undefined> {
  const work = () => sendAll(ask?.eager ?? false);
  return navigator.locks ? await navigator.locks.request(LOCK, work) : work();
}

async function sendAll(eager: boolean): Promise<number | undefined> {
  const clock: Clock = { wrong: undefined };
  for (;;) {
    const { item, pause, last } = await next();
    if (!item) return undefined;
    if (pause > 0 && !(eager && item.delay === 'offline')) return pause;
    const verdict = await attempt(item, last, clock);
    if (verdict.is === 'withdrawn') continue;
    if (verdict.is === 'later') return postpone(item, verdict);
    await settle(item, verdict);
    changed();
  }
}

/** The first in the queue, how long to leave the server alone, and the time of the newest id that it took from here. */
function next(): Promise<{ item?: Waiting; pause: number; last: number }> {
  return transact('readonly', async ({ outbox, notes }) => {
    const wait = (await of(notes.get('wait'))) as Wait | undefined;
    const last = ((await of(notes.get('last'))) as number | undefined) ?? 0;
    const now = Date.now();
    // A clock that was set back since then says nothing about how long it is to wait.
    const pause = wait && wait.since <= now ? wait.until - now : 0;
    const request = outbox.openCursor();
    for (let cursor = await of(request); cursor; cursor = await of(request)) {
      const item = cursor.value as Waiting;
      if (!item.refused) return { item, pause, last };
      cursor.continue();
    }
    return { pause, last };
  });
}

/** One attempt. What is known before it is written down first, so that nothing is forgotten if this is where it ends. */
async function attempt(item: Waiting, last: number, clock: Clock): Promise<Verdict> {
  item.tries++;
  if (item.remember) {
    const answer = await call('/api/v1/participant', { method: 'POST' });
    if (answer?.status !== 204) return { is: 'later', why: 'offline', unstored: true };
    item.remember = false;
    if (!(await put(item))) return { is: 'withdrawn' };
    await transact('readwrite', ({ notes }) => of(notes.put(true, 'consent')));
  }
  const path = `/api/v1/budgets/${item.budget}`;
  if (item.unchecked) {
    // Asked once for all that are sent now.
    if (clock.wrong === undefined) {
      const answer = await call(path, { method: 'HEAD' });
      const now = answer && serverTime(answer);
      if (!now) return { is: 'later', why: 'offline', unstored: true };
      clock.wrong = Date.now() - now;
    }
    rename(item, Math.max(rightTime(item, clock.wrong), last));
  }
  const wasUnsure = item.unsure;
  item.unsure = true;
  if (!(await put(item))) return { is: 'withdrawn' };
  const body = JSON.stringify({ id: item.id, points: item.points });
  const headers = { 'content-type': 'application/json' };
  const verdict = await judge(await call(`${path}/submissions`, { method: 'POST', headers, body }), item.id, wasUnsure);
  if (verdict.is !== 'later' || verdict.unstored) item.unsure = wasUnsure;
  return verdict;
}

/** The time that the device would have given the id, had its clock been right. */
function rightTime({ made }: Waiting, wrong: number): number {
  const now = Date.now() - wrong;
  const time = Math.abs(wrong) > TOLERANCE ? made - wrong : made;
  return time > now + TOLERANCE || time < now - OLDEST ? now : time;
}

/** Gives it an id of this time: only ever before the server can have taken it under the one that it has. */
function rename(item: Waiting, time: number): void {
  if (timeOf(item.id) !== time) item.id = identifier(time);
  item.unchecked = false;
}

async function settle(item: Waiting, verdict: Exclude<Verdict, { is: 'later' | 'withdrawn' }>): Promise<void> {
  if (verdict.is === 'bad-id') {
    // Never tried without a known end: it is not there. Younger than what the server forgets: neither, or the answer
    // would have been a replay. Else it may have counted long ago, and only the person can decide.
    const lost = !item.unsure || verdict.now - timeOf(item.id) < REMEMBERED;
    if (lost && item.renamed++ < MOST_RENAMES) {
      rename(item, verdict.now);
      await put(item);
      return;
    }
    verdict = { is: 'refused', why: lost ? 'failed' : 'unsure' };
  }
  if (verdict.is === 'refused') {
    delete item.delay;
    // Other refusals are definite: the server knows again what it took, whatever has changed since.
    const unsure = item.unsure && (verdict.why === 'unsure' || verdict.why === 'failed');
    await put({ ...item, refused: verdict.why, unsure });
    return;
  }
  const { id, counted, manage } = verdict.receipt;
  const { seq, budget, title, points, names, made } = item;
  await transact('readwrite', async ({ outbox, sent, notes }) => {
    const consent = await of(notes.get('consent'));
    const keepFor = consent ? WITH_CONSENT : item.delay ? WITHOUT_BUT_WAITED : WITHOUT;
    const until = Math.max(Date.now(), made) + keepFor;
    const record: Sent = { id, seq, budget, title, points, names, made, manage, counted, until };
    sent.put(record);
    notes.delete('wait');
    notes.put(timeOf(id), 'last');
    await of(outbox.delete(seq));
  });
}

/** Notes why it waits, and how long to leave the server alone. */
async function postpone(item: Waiting, { why, wait }: Verdict & { is: 'later' }): Promise<number> {
  const doubled = Math.min(LAST_PAUSE, FIRST_PAUSE * 2 ** Math.min(item.tries, 10));
  // Jitter: those whom the same failure hit don't come back at the same moment.
  const pause = (wait ?? 0) + doubled * (0.5 + Math.random() / 2) * (wait ? 0.2 : 1);
  item.delay = why;
  await transact('readwrite', async ({ outbox, notes }) => {
    notes.put({ since: Date.now(), until: Date.now() + pause } satisfies Wait, 'wait');
    // It may have been withdrawn meanwhile.
    if (await of(outbox.getKey(item.seq))) await of(outbox.put(item));
  });
  changed();
  return pause;
}

/** Writes it down anew; answers whether it is still there. */
function put(item: Waiting): Promise<boolean> {
  return transact('readwrite', async ({ outbox }) => {
    if (!(await of(outbox.getKey(item.seq)))) return false;
    await of(outbox.put(item));
    return true;
  });
}

/** What became of a submission; nothing if it was withdrawn. */
export function state(seq: number): Promise<State | undefined> {
  return transact('readonly', async ({ outbox, sent, notes }) => {
    const item = (await of(outbox.get(seq))) as Waiting | undefined;
    if (item?.refused) return { is: 'refused', why: item.refused };
    if (item) return { is: 'waiting', why: item.delay, until: ((await of(notes.get('wait'))) as Wait | undefined)?.until };
    const done = (await of(sent.index('seq').get(seq))) as Sent | undefined;
    return done && { is: 'sent', id: done.id };
  });
}

/** Forgets everything; all that has been sent, one of it, or what is past its time. */
export async function forget(what: 'all' | 'sent' | 'past' | { id: string }): Promise<void> {
  const now = Date.now();
  await transact('readwrite', async ({ sent, notes, outbox }) => {
    if (typeof what === 'object') return void (await of(sent.delete(what.id)));
    if (what !== 'past') {
      if (what === 'all') outbox.clear();
      // Consent that was taken back is not asked for by what still waits.
      else for (const item of (await of(outbox.getAll())) as Waiting[]) if (item.remember) outbox.put({ ...item, remember: false });
      notes.clear();
      await of(sent.clear());
      return;
    }
    for (const { id, until } of (await of(sent.getAll())) as Sent[]) if (until < now) sent.delete(id);
    const used = IDBKeyRange.bound('used ', 'used!', false, true);
    const request = notes.openCursor(used);
    for (let cursor = await of(request); cursor; cursor = await of(request)) {
      if ((cursor.value as Use).made < now - REMEMBERED) cursor.delete();
      cursor.continue();
    }
  });
  if (what !== 'past') changed();
}

/** No answer within the patience is no answer. It goes on if the page is left. */
function call(path: string, options: RequestInit): Promise<Response | undefined> {
  const signal = AbortSignal.timeout(PATIENCE);
  return fetch(path, { ...options, signal, keepalive: true, cache: 'no-store' }).catch(() => undefined);
}

/** Tells every page, this one too. */
function changed(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(0);
  channel.close();
}
