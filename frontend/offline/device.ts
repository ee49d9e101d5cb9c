// The page of what this device keeps, and the page that stands in for any other one without a connection. The server
// renders every sentence; this fills in what IndexedDB and the worker's cache know.

import { everything, of, transact } from './database';
import { CHANNEL, forget, withdraw } from './outbox';
import { prefix, say } from './page-state';
import type { Sent, Waiting } from './records';
import { wasUnsaved } from './unsaved';

type Aggregate = { as_of: string; submissions: number; categories: { slug: string; mean_points: number | null }[] };

const page = document.querySelector<HTMLElement>('[data-device]')!;
const part = <T extends HTMLElement>(name: string, within: ParentNode = page) => within.querySelector<T>(`[data-part=${name}]`)!;
const language = document.documentElement.lang || 'en';
// Dates as the pages of the server write them.
const digits = { year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
const dates = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { day: 'numeric', month: 'long', ...digits });
const moment = (time: number | string) => dates.format(new Date(time));
const percent = (points: number) => say(page, 'percent', new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(points / 100));
/** What in a row can have the keyboard's focus. */
const stops = (row: Element) => [...row.querySelectorAll<HTMLElement>('summary, a, button, [tabindex]')];

/** The worker answers from its cache when there is no connection. */
async function read<T>(path: string): Promise<T | undefined> {
  try {
    const answer = await fetch(path);
    return answer.ok ? ((await answer.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

const place = location.pathname.slice(prefix().length);
const wanted = /^\/results\/([0-9a-f-]{36})/.exec(place)?.[1];

async function show(): Promise<void> {
  const kept = await everything().catch(() => undefined);
  const found = kept?.sent.some(({ id }) => id === wanted) || kept?.waiting.some(({ id }) => id === wanted);
  const mode = !kept ? 'blocked' : place === '/offline' ? 'device' : found ? 'result' : place === '/history' ? 'history' : 'away';
  for (const element of page.querySelectorAll<HTMLElement>('[data-mode]')) {
    element.hidden = !element.dataset.mode!.split(' ').includes(mode);
  }
  part('unsaved').hidden = !kept || !wasUnsaved();
  if (!kept) return;
  // A part that somebody has opened stays open.
  const open = new Set([...page.querySelectorAll('details[open]')].map((details) => details.id));
  const held = kept.waiting.find((item) => !item.refused && item.delay)?.delay;
  const entries = [
    // What stands behind one that waits, waits for the same.
    ...kept.waiting.map((item) => entry({ ...item, delay: item.delay ?? held })),
    ...kept.sent.reverse().map((item) => entry(item)),
  ].filter(({ id }) => mode !== 'result' || id === wanted);
  const list = part('list');
  const row = document.activeElement?.closest<HTMLElement>('[data-seq]');
  const index = row ? stops(row).indexOf(document.activeElement as HTMLElement) : -1;
  list.replaceChildren(...entries.map(({ element }) => element));
  list.hidden = !entries.length;
  part('empty').hidden = entries.length > 0;
  for (const details of list.querySelectorAll('details')) {
    details.open = open.has(details.id) || mode === 'result' || location.hash === `#${details.id}`;
  }
  if (!row) return;
  // Whoever stood on a button stands on it still, or, if that is gone, where the page begins.
  const anew = list.querySelector(`[data-seq="${row.dataset.seq}"]`);
  const stop = anew && stops(anew)[index];
  (stop && !stop.hidden ? stop : document.getElementById('main'))?.focus({ preventScroll: true });
}

function entry(item: Waiting | Sent): { id: string; element: HTMLElement } {
  const element = part<HTMLTemplateElement>('entry').content.firstElementChild!.cloneNode(true) as HTMLElement;
  const sent = 'manage' in item;
  const fate = sent ? (item.deleted ? 'deleted' : item.counted ? 'counted' : 'replaced') : item.refused ? `refused-${item.refused}` : item.delay ? `waiting-${item.delay}` : 'sending';
  const kind = fate.split('-')[0]!;
  element.dataset.fate = kind;
  element.dataset.seq = String(item.seq);
  part('title', element).textContent = item.title;
  part('when', element).textContent = moment(item.made);
  for (const [name, word] of [['state', kind], ['why', fate]] as const) part(name, element).textContent = say(part(name, element), word);
  const results = part<HTMLAnchorElement>('results', element);
  const manage = part<HTMLAnchorElement>('manage', element);
  results.hidden = manage.hidden = !sent || Boolean(item.deleted);
  if (sent) {
    results.href = `${prefix()}/results/${item.id}`;
    manage.href = `${prefix()}/results/${item.id}/manage?code=${encodeURIComponent(item.manage)}`;
  }
  const edit = part('edit', element);
  // What may have been taken is not offered for another try.
  edit.hidden = sent || item.unsure || item.refused === 'gone';
  edit.onclick = () => void again(item as Waiting);
  const remove = part('forget', element);
  remove.onclick = () => void (sent ? removeSent(item.id) : withdraw(item.seq));
  const details = element.querySelector('details')!;
  details.id = String(item.seq);
  details.addEventListener('toggle', () => details.open && void table(details, item), { once: true });
  return { id: item.id, element };
}

/** Back into the form, as a draft. */
async function again({ seq, budget, points }: Waiting): Promise<void> {
  const lines = Object.entries(points).map(([slug, share]) => `${slug} ${share}`);
  const key = `allot-draft-${budget}`;
  const begun = localStorage.getItem(key);
  // Before it leaves the queue: it is always in one of the two.
  localStorage.setItem(key, ['manual', ...lines].join('\n'));
  if (await withdraw(seq, true).catch(() => false)) return location.assign(`${prefix()}/b/${budget}`);
  // It may be on its way by now: then it is no draft, and one that was begun meanwhile stays.
  if (begun === null) localStorage.removeItem(key);
  else localStorage.setItem(key, begun);
}

async function removeSent(id: string): Promise<void> {
  await forget({ id });
}

/** So many of the newest are asked for. */
const MOST_ASKED = 20;

/** What became of those that were sent: a newer one from another device may count in their place, or they were deleted. */
async function ask(): Promise<void> {
  const sent = (await everything()).sent.filter(({ deleted }) => !deleted).slice(-MOST_ASKED);
  let news = false;
  for (const item of sent) {
    const answer = await fetch(`/api/v1/submissions/${item.id}`, { cache: 'no-store' });
    const deleted = answer.status === 410;
    // Anything else says nothing: an old one may be kept where it can't be asked for.
    if (!deleted && !answer.ok) continue;
    const counted = !deleted && ((await answer.json()) as { counted: boolean }).counted;
    if (!deleted && counted === item.counted) continue;
    news = true;
    await transact('readwrite', async ({ sent }) => {
      // It may have been removed meanwhile.
      if (await of(sent.getKey(item.id))) await of(sent.put({ ...item, counted, deleted } satisfies Sent));
    });
  }
  if (news) await show();
}

/** Mine and everyone's, as far as this device knows. */
async function table(details: HTMLDetailsElement, { budget, points, names }: Waiting | Sent): Promise<void> {
  const everyone = await read<Aggregate>(`/api/v1/budgets/${budget}/aggregate`);
  const rows = Object.entries(names).map(([slug, name]) => {
    const row = document.createElement('tr');
    const head = document.createElement('th');
    head.scope = 'row';
    head.textContent = name;
    const mean = everyone?.categories.find((category) => category.slug === slug)?.mean_points;
    const cells = [percent(points[slug] ?? 0), mean == null ? '–' : percent(Math.round(mean))];
    row.append(head, ...cells.map((text) => Object.assign(document.createElement('td'), { textContent: text })));
    return row;
  });
  part('rows', details).replaceChildren(...rows);
  const people = everyone && new Intl.NumberFormat(language).format(everyone.submissions);
  part('source', details).textContent = everyone ? say(page, 'everyone', people!, moment(everyone.as_of)) : say(page, 'nobody');
}

/** So long a worker may take to be there; if it comes later, that is said then. */
const WORKER_PATIENCE = 3000;

/** Pages are kept by the worker: a browser may have none or refuse it, and the operator may have switched it off. */
function sayWhetherPagesAreKept(): void {
  const tell = (kept: boolean) => {
    part('pages-kept').hidden = !kept;
    part('pages-lost').hidden = kept;
  };
  const wanted = document.querySelector('script[data-worker]') !== null;
  const container = wanted ? (navigator.serviceWorker as ServiceWorkerContainer | undefined) : undefined;
  const timer = setTimeout(tell, container ? WORKER_PATIENCE : 0, false);
  container?.ready.then(
    () => {
      clearTimeout(timer);
      tell(true);
    },
    () => {},
  );
}

/** What waits and was sent, the drafts, and the yearly tax. */
function removeAll(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith('allot-')) localStorage.removeItem(key);
  void forget('all');
}

part('remove-all').addEventListener('click', removeAll);
part('again')?.addEventListener('click', () => location.reload());
// Somewhere else there may be a connection again before anybody asks.
if (place !== '/offline') addEventListener('online', () => location.reload());

const channel = new BroadcastChannel(CHANNEL);
channel.onmessage = () => void show();
addEventListener('pageshow', (event) => void (event.persisted && show()));
sayWhetherPagesAreKept();
// Without a connection it says what it knew.
void show().then(ask).catch(() => {});
