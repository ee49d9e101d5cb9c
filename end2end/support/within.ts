import type { BrowserContext } from '@playwright/test';

/** So long a page that stands still may take to say what it sees. */
const GLANCE = 5000;

/** Waits for `work` in a browser, but not for ever: what takes longer than `millis` is named, with what each tab is at. */
export async function within<T>(millis: number, context: BrowserContext, what: string, work: Promise<T>): Promise<T> {
  const late = Symbol();
  const end = await beforeLong(millis, work, late);
  if (end !== late) return end as T;
  throw new Error(`${what} takes longer than ${millis / 1000} s: ${await sight(context)}`);
}

/** Of each tab of a browser: what it shows, who holds a lock or waits for one, and whether it answers at all. */
async function sight(context: BrowserContext): Promise<string> {
  const seen = context.pages().map((page) => {
    const state = page.evaluate(async () => {
      const { held, pending } = await navigator.locks.query();
      const names = (locks?: LockInfo[]) => locks?.map(({ name }) => name).join(' ') || 'nothing';
      const worker = navigator.serviceWorker.controller?.state ?? 'none';
      return `${document.readyState}, holding ${names(held)}, waiting for ${names(pending)}, worker ${worker}`;
    });
    const told = beforeLong(GLANCE, state, 'no answer').catch((error: Error) => error.message);
    return told.then((words) => `${page.url()} ${words}`);
  });
  return (await Promise.all(seen)).join('; ') || 'no tab';
}

/** What `work` came to, or `otherwise` if it takes longer. */
export async function beforeLong<T, O>(millis: number, work: Promise<T>, otherwise: O): Promise<T | O> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<O>((resolve) => {
    timer = setTimeout(resolve, millis, otherwise);
  });
  return Promise.race([work, end]).finally(() => clearTimeout(timer));
}
