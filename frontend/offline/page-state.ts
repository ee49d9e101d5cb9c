// What every page knows: its language's addresses, its sentences, its worker.

declare global {
  interface ServiceWorkerRegistration {
    /** Background Sync, where there is one. */
    readonly sync?: { register(tag: string): Promise<void> };
  }
}

/** `/es` on a page whose address names its language, else nothing. */
export function prefix(): string {
  return /^\/[a-z]{2}(?=\/|$)/.exec(location.pathname)?.[0] ?? '';
}

/** The page of what this device keeps. */
export const device = () => `${prefix()}/offline`;

/** The worker's registration, if there is one. */
export async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return navigator.serviceWorker?.getRegistration().catch(() => undefined);
}

/** Asks the browser to wake the worker for what waits, also when no page is open any more. Nobody waits for this. */
export function askForSync(): void {
  registration()
    .then((worker) => worker?.sync?.register('allot-outbox'))
    .catch(() => {});
}

/** A sentence that the server rendered as `data-say-NAME`, with `{}` filled. */
export function say(element: HTMLElement, name: string, ...gaps: (string | number)[]): string {
  const sentence = element.getAttribute(`data-say-${name}`) ?? '';
  return gaps.reduce<string>((text, gap) => text.replace('{}', String(gap)), sentence);
}
