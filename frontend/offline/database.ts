// The device's own store. Every write is on the disk before it is believed.

import type { Sent, Waiting } from './records';

const NAME = 'allot';
const VERSION = 1;
/** A tab that holds an older version open must not make the others wait for ever. */
const PATIENCE = 3000;

export type Stores = { outbox: IDBObjectStore; sent: IDBObjectStore; notes: IDBObjectStore };

let connection: Promise<IDBDatabase> | undefined;

function connect(): Promise<IDBDatabase> {
  connection ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const { result } = request;
      result.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
      result.createObjectStore('sent', { keyPath: 'id' }).createIndex('seq', 'seq');
      result.createObjectStore('notes');
    };
    request.onsuccess = () => {
      const { result } = request;
      result.onclose = () => (connection = undefined);
      result.onversionchange = disconnect;
      resolve(result);
    };
    request.onerror = () => reject(request.error);
    setTimeout(() => reject(new Error('IndexedDB does not answer')), PATIENCE);
  });
  connection.catch(() => (connection = undefined));
  return connection;
}

/** Lets go of the store: a page that is kept for the back button holds nothing open. */
export function disconnect(): void {
  connection?.then((database) => database.close()).catch(() => {});
  connection = undefined;
}

/** One transaction over everything; what `work` answers is there when it is durable. */
export async function transact<T>(mode: IDBTransactionMode, work: (stores: Stores) => Promise<T>): Promise<T> {
  const database = await connect();
  const transaction = database.transaction(['outbox', 'sent', 'notes'], mode, { durability: 'strict' });
  const complete = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
  });
  complete.catch(() => {});
  const store = (name: string) => transaction.objectStore(name);
  const result = await work({ outbox: store('outbox'), sent: store('sent'), notes: store('notes') });
  await complete;
  return result;
}

/** The result of one request. */
export function of<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Everything that is kept, in the order in which it was submitted. What is past its time counts as forgotten already. */
export function everything(): Promise<{ waiting: Waiting[]; sent: Sent[] }> {
  return transact('readonly', async ({ outbox, sent }) => {
    const [waiting, taken] = await Promise.all([of<Waiting[]>(outbox.getAll()), of<Sent[]>(sent.getAll())]);
    const now = Date.now();
    return { waiting, sent: taken.filter(({ until }) => until >= now).sort((a, b) => a.made - b.made) };
  });
}
