import { chromium, type BrowserContext, type LaunchOptions, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, TRANSITION_LEFT_OUT } from './test';

/** A person's browser, which can be closed and opened again with everything that it keeps. */
export class Profile {
  private readonly folder = mkdtempSync(join(tmpdir(), 'allot-profile-'));
  private context: BrowserContext | undefined;
  /** Exceptions that nobody caught, on any page. */
  readonly complaints: string[] = [];

  constructor(private readonly options: LaunchOptions) {}

  async open(): Promise<Page> {
    this.context = await chromium.launchPersistentContext(this.folder, { ...this.options, locale: 'en-US', serviceWorkers: 'allow' });
    this.context.on('weberror', (error) => {
      const complaint = String(error.error());
      if (!TRANSITION_LEFT_OUT.test(complaint)) this.complaints.push(complaint);
    });
    return this.context.pages()[0] ?? this.context.newPage();
  }

  async newTab(): Promise<Page> {
    return this.context!.newPage();
  }

  async close(): Promise<void> {
    await this.context?.close();
    this.context = undefined;
  }

  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
    expect(this.complaints, 'nothing fails unnoticed').toEqual([]);
  }
}

/** Waits until the worker has everything that it needs without a connection. */
export async function workerReady(page: Page): Promise<void> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

/** What the device keeps, as its own page reads it. */
export async function kept(page: Page): Promise<{ outbox: Kept[]; sent: Kept[] }> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('allot');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const all = (store: string) =>
      new Promise<Kept[]>((resolve, reject) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result as Kept[]);
        request.onerror = () => reject(request.error);
      });
    const found = { outbox: await all('outbox'), sent: await all('sent') };
    database.close();
    return found;
  });
}

/** Changes what the device keeps, as time or another tab would, without a word to any page. */
export async function alter(page: Page, store: 'outbox' | 'sent', fields: Record<string, unknown>): Promise<void> {
  await page.evaluate(
    async ([store, fields]) => {
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await done(indexedDB.open('allot'));
      const records = database.transaction(store, 'readwrite').objectStore(store);
      for (const record of await done(records.getAll())) await done(records.put({ ...record, ...fields }));
      database.close();
    },
    [store, fields] as const,
  );
}

export type Kept = { id: string; points: Record<string, number>; refused?: string; counted?: boolean; manage?: string };

/** What the browser says to the worker when it finds that there is a connection; on any page, not only one of the site. */
export async function backgroundSync(page: Page, origin: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const registration = new Promise<string>((resolve) =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL, isDeleted }) => scopeURL.startsWith(origin) && !isDeleted);
      if (own) resolve(own.registrationId);
    }),
  );
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.dispatchSyncEvent', { origin, registrationId: await registration, tag: 'allot-outbox', lastChance: false });
  await session.detach();
}
