// The service worker: pages without a connection, and sending what waits when the browser says that it can.
//
// | what                                    | how                                                                  |
// |-----------------------------------------|----------------------------------------------------------------------|
// | files of a build, colours of a budget   | from the cache, which has them all; their names or the build change  |
// | pages                                   | network; after 3 s or without one, the copy that was made for nobody |
// | a page without a copy                   | network; without one, `/offline`                                     |
// | budgets and aggregates, JSON            | the copy for half a minute while it is renewed; then as pages        |
// | anything else: forms, API, streams      | not touched                                                          |
//
// What is personal is never in a cache: pages are fetched without cookies to be saved, and `/results` and `/history`
// are not saved at all. What the device itself keeps of them is in IndexedDB.

import { send } from '../offline/outbox';
import { age, FILES, file, isPublic, keepPage, page, refresh, saveData, saveFiles, savePage, savePages, sweep } from './store';

declare const self: ServiceWorkerGlobalScope;

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

/** So long the network is waited for when there is a copy. */
const PATIENCE = 3000;
/** As the server says in `stale-while-revalidate`. */
const STALE = 30_000;
const OLD_FIGURES = 10 * 60_000;
const OLD_PAGE = 3600_000;
/** A proxy says that the server is away. */
const AWAY = [502, 503, 504];

const quietly = (work: Promise<unknown>) => work.catch(() => {});
const after = (millis: number) => new Promise<undefined>((resolve) => setTimeout(resolve, millis, undefined));
const prefixOf = (path: string) => /^\/[a-z]{2}(?=\/|$)/.exec(path)?.[0] ?? '';

self.addEventListener('install', (event) => event.waitUntil(install()));

async function install(): Promise<void> {
  await saveFiles();
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const prefixes = new Set(['', ...windows.map(({ url }) => prefixOf(new URL(url).pathname))]);
  for (const prefix of prefixes) await savePages(prefix);
}

self.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([self.registration.navigationPreload?.enable(), quietly(sweep())])),
);

self.addEventListener('message', (event) => {
  if (event.data === 'switch') event.waitUntil(self.skipWaiting());
  // A page has started, in this language.
  else if (event.data?.prefix !== undefined) {
    event.waitUntil(quietly(refresh(String(event.data.prefix), OLD_FIGURES).then(sweep)));
  }
});

self.addEventListener('sync', (event) => {
  const sync = event as SyncEvent;
  if (sync.tag === 'allot-outbox') sync.waitUntil(sendWaiting());
});

/** A failure makes the browser try again later. */
async function sendWaiting(): Promise<void> {
  if ((await send({ eager: true })) !== undefined) throw new Error('some submissions still wait');
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(navigate(event, pathname));
  else if (FILES.has(pathname) || /^\/(pkg|palette)\//.test(pathname)) event.respondWith(file(request));
  else if (/^\/api\/v1\/budgets(\/[^/]+\/aggregate)?$/.test(pathname) && !request.headers.has('if-none-match')) {
    event.respondWith(figures(event, pathname));
  }
});

async function navigate(event: FetchEvent, path: string): Promise<Response> {
  const network: Promise<Response | undefined> = Promise.resolve(event.preloadResponse)
    .then((preloaded: Response | undefined) => preloaded ?? fetch(event.request))
    .catch(() => undefined);
  event.waitUntil(network);
  const copy = await page(path);
  const answer = await (copy ? Promise.race([network, after(PATIENCE)]) : network);
  if (!answer || (copy && AWAY.includes(answer.status))) {
    return copy ?? (await page(`${prefixOf(path)}/offline`)) ?? (await page('/offline')) ?? Response.error();
  }
  // A clone that nobody read would hold the connection.
  if (copy && isPublic(answer)) event.waitUntil(quietly(keepPage(path, answer.clone())));
  else if (copy && age(copy) > OLD_PAGE) event.waitUntil(quietly(savePage(path)));
  return answer;
}

/** Public figures: their own `stale-while-revalidate`, and beyond it when there is no connection. */
async function figures(event: FetchEvent, path: string): Promise<Response> {
  const known = await page(path);
  const fresh = saveData(path, 0);
  event.waitUntil(quietly(fresh));
  if (!known) return fresh;
  if (age(known) < STALE) return known;
  const answer = await Promise.race([fresh.catch(() => undefined), after(PATIENCE)]);
  return answer && !AWAY.includes(answer.status) ? answer : known;
}
