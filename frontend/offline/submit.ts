// What the sliders' script calls to submit: write it down, send it, and say how that went.

import { keep, send, state, withdraw } from './outbox';
import type { Points, Refusal } from './records';
import { askForSync, device, registration, say } from './page-state';
import { noteUnsaved } from './unsaved';

/** So long somebody watches a button say that it is sending. */
const PATIENCE = 6000;

const after = (millis: number) => new Promise<undefined>((resolve) => setTimeout(resolve, Math.max(0, millis)));

/**
 * Submits a form whose points the sliders know. The answer is one word and what belongs to it:
 * `go` an address, `kept` a sentence for who stays here, `refused` a sentence; or nothing, when this device can't keep
 * anything but has a connection: then it has to be sent as it is.
 */
export async function submit(form: HTMLFormElement, points: string): Promise<string> {
  let seq: number;
  try {
    seq = await keep(draft(form, JSON.parse(points) as Points));
  } catch {
    noteUnsaved(true);
    return (await anybodyThere(form)) ? '' : `refused ${say(form, 'unsaved')}`;
  }
  noteUnsaved(false);
  // Before the first try: the tab may be closed in the middle of it.
  askForSync();
  const end = performance.now() + PATIENCE;
  for (;;) {
    const left = end - performance.now();
    const pause = await Promise.race([send({ eager: true }), after(left)]);
    const now = await state(seq);
    // The answer brought the receipt for that page with it, in a cookie.
    if (now?.is === 'sent') return `go ${form.dataset.results}${now.id}`;
    if (now?.is === 'refused') {
      // Whoever sees the refusal has the numbers still before them.
      await withdraw(seq);
      return `refused ${say(form, words(now.why))}`;
    }
    if (!now) return `refused ${say(form, 'failed')}`;
    if (pause === undefined || pause > end - performance.now() || !navigator.onLine) return kept(form, seq, now.until);
    await after(pause);
  }
}

/** Whether the server can be reached: a form that is sent to nobody ends on a page of the browser's. */
function anybodyThere({ dataset }: HTMLFormElement): Promise<boolean> {
  const asked = fetch(`/api/v1/budgets/${dataset.budget}`, { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
  return asked.then(
    () => true,
    () => false,
  );
}

function draft(form: HTMLFormElement, points: Points) {
  const field = (name: string) => form.querySelector<HTMLInputElement>(`input[name=${name}]`);
  const consent = field('consent');
  // A page from the worker's cache was made for nobody: its id is anybody's, and it doesn't know who is remembered.
  const saved = document.documentElement.hasAttribute('data-saved');
  const shares = form.querySelectorAll<HTMLElement>('.share');
  const names = Array.from(shares, (share) => share.querySelector('.share-name > :last-child')?.firstChild?.textContent?.trim());
  return {
    budget: form.dataset.budget ?? '',
    title: document.title.replace(/ – [^–]*$/, ''),
    points,
    names: Object.fromEntries(Object.keys(points).map((slug, i) => [slug, names[i] || slug])),
    remember: consent?.checked ?? false,
    remembered: !consent && !saved,
    id: saved ? undefined : field('id')?.value,
  };
}

/** It waits. With a worker the device's own page shows it and what becomes of it, also without a connection. */
async function kept(form: HTMLFormElement, seq: number, until: number | undefined): Promise<string> {
  const worker = await registration();
  if (worker?.active) return `go ${device()}#${seq}`;
  const minutes = Math.ceil(((until ?? 0) - Date.now()) / 60_000);
  return `kept ${minutes > 1 ? say(form, 'kept-until', minutes) : say(form, 'kept')}`;
}

function words(why: Refusal): string {
  if (why === 'closed' || why === 'changed') return why;
  return why === 'gone' ? 'closed' : 'failed';
}
