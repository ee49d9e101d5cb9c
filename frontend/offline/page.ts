// On every page: sends what waits, says so, and looks after the service worker. Nothing here is needed to use the
// page; whatever the browser lacks or blocks is left out.

import { disconnect, everything, of, transact } from './database';
import { CHANNEL, forget, send } from './outbox';
import { askForSync, device, prefix, say } from './page-state';
import { submit } from './submit';

const UPDATE_CHECK = 3600_000;

/** Who stays on the page has it sent from here after the pause. */
async function submitAndGoOn(form: HTMLFormElement, points: string): Promise<string> {
  const answer = await submit(form, points);
  if (answer.startsWith('kept')) void quietly(sendWaiting(false));
  return answer;
}

Object.assign(globalThis, { allot: { submit: submitAndGoOn } });

// Sending: on start, when the connection or the person comes back, and after a pause.

let timer: ReturnType<typeof setTimeout> | undefined;
let busy = false;

async function sendWaiting(eager: boolean): Promise<void> {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  try {
    const waiting = (await everything()).waiting.some((item) => !item.refused);
    const pause = waiting ? await send({ eager }) : undefined;
    if (pause === undefined) return;
    timer = setTimeout(() => document.hidden || void quietly(sendWaiting(false)), pause);
    // A browser that woke the worker some times in vain gives up.
    askForSync();
  } finally {
    busy = false;
  }
}

// Saying: a line in the masthead, which screen readers follow.

/** Places in the queue of those that the line has spoken of. */
const told = new Set<number>();

/** While a long queue is sent there is news all the time, and it is counted anew each time: ten times a second will do. */
const A_WHILE = 100;
let toTell: ReturnType<typeof setTimeout> | undefined;

function tellSoon(): void {
  toTell ??= setTimeout(() => {
    toTell = undefined;
    void quietly(tell());
  }, A_WHILE);
}

async function tell(): Promise<void> {
  const line = document.querySelector<HTMLElement>('[data-outbox]');
  if (!line) return;
  const { waiting, sent } = await everything();
  const refused = waiting.filter((item) => item.refused).length;
  // What is being sent for the first time is the submit button's to say.
  const queue = waiting.filter((item) => !item.refused);
  const delayed = queue.some((item) => item.delay) ? queue.length : 0;
  const arrived = sent.some(({ seq, counted }) => counted && told.has(seq));
  const words = refused ? say(line, 'refused', refused) : delayed ? say(line, 'waiting', delayed) : arrived ? say(line, 'sent') : '';
  if (refused || delayed) for (const { seq } of waiting) told.add(seq);
  if (line.textContent === words) return;
  const link = document.createElement('a');
  link.href = device();
  link.textContent = words;
  line.replaceChildren(...(words ? [link] : []));
  line.dataset.outbox = refused ? 'refused' : delayed ? 'waiting' : 'sent';
}

// Other pages and the worker send too.
let channel: BroadcastChannel | undefined;

function listen(): void {
  channel ??= new BroadcastChannel(CHANNEL);
  channel.onmessage = tellSoon;
}

/** A device that keeps nothing has nothing to send or say. */
const quietly = (work: Promise<unknown>) => work.catch(() => {});

/** A page from the worker's cache was made for nobody: it asks also who is remembered already. */
async function askNobodyTwice(): Promise<void> {
  const question = document.querySelector<HTMLElement>('[data-saved] .check');
  if (!question || !(await transact('readonly', ({ notes }) => of(notes.get('consent'))))) return;
  // Its room stays, so that nothing jumps.
  question.style.visibility = 'hidden';
}

async function start(): Promise<void> {
  listen();
  // Before anything that may take long: a server that doesn't answer must not prolong what is kept.
  await forget('past');
  await tell();
  await askNobodyTwice();
  await sendWaiting(true);
}

addEventListener('online', () => void quietly(sendWaiting(true)));
addEventListener('visibilitychange', () => void (document.hidden || quietly(sendWaiting(true))));
addEventListener('pageshow', (event) => void (event.persisted && quietly(start())));
addEventListener('pagehide', () => {
  channel?.close();
  channel = undefined;
  disconnect();
});

// Who takes back their consent, or deletes all that they sent, doesn't want it kept here either.
addEventListener('submit', ({ target, submitter }) => {
  // A form without an action goes to where it is.
  const path = new URL((target as HTMLFormElement).action).pathname;
  const withdrawn = path.endsWith('/consent') && (submitter as HTMLButtonElement | null)?.value === 'withdraw';
  if (withdrawn || path.endsWith('/history/delete')) void quietly(forget('sent'));
});

// The worker.

const source = document.querySelector<HTMLElement>('script[data-worker]')?.dataset.worker;
const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;

async function work(): Promise<void> {
  if (!container) return;
  if (!source) {
    // The operator switched it off.
    for (const old of await container.getRegistrations()) await old.unregister();
    for (const name of await caches.keys()) if (name.startsWith('allot-')) await caches.delete(name);
    return;
  }
  const found = await container.register(source);
  container.ready.then(({ active }) => active?.postMessage({ prefix: prefix() }), () => {});
  watch(found);
}

function watch(found: ServiceWorkerRegistration): void {
  const notice = document.querySelector<HTMLElement>('[data-update]');
  if (notice) document.querySelector('.dock')?.prepend(notice);
  const offer = () => notice && (notice.hidden = !(found.waiting && container?.controller));
  found.addEventListener('updatefound', () => found.installing?.addEventListener('statechange', offer));
  offer();
  notice?.querySelector('button')?.addEventListener('click', () => {
    container?.addEventListener('controllerchange', () => location.reload());
    // Another tab may have switched already.
    found.waiting ? found.waiting.postMessage('switch') : location.reload();
  });
  let checked = Date.now();
  addEventListener('visibilitychange', () => {
    if (document.hidden || Date.now() - checked < UPDATE_CHECK) return;
    checked = Date.now();
    void quietly(found.update());
  });
}

void quietly(start());

/** Measures a sample of the visits, and nobody who asked not to be followed. */
async function measure(): Promise<void> {
  const { vitals, vitalsPercent } = document.querySelector<HTMLElement>('script[data-vitals]')?.dataset ?? {};
  const { globalPrivacyControl, doNotTrack } = navigator as Navigator & { globalPrivacyControl?: boolean; doNotTrack?: string };
  if (vitals && !globalPrivacyControl && doNotTrack !== '1' && Math.random() * 100 < Number(vitalsPercent)) await import(vitals);
}

// After everything that somebody waits for.
const idle = () => setTimeout(() => [work, measure].forEach((task) => void quietly(task())));
document.readyState === 'complete' ? idle() : addEventListener('load', idle);

/** The hashed files that this page names. No one of them alone tells its build: the next may have the same. */
function files(): (string | null)[] {
  const named = document.querySelectorAll('[src^="/pkg/"], [href^="/pkg/"]');
  return Array.from(named, (element) => element.getAttribute('src') ?? element.getAttribute('href'));
}

// The worker keeps the files of a build for as long as a page of it is open.
container?.addEventListener('message', ({ ports }) => ports[0]?.postMessage(files()));
