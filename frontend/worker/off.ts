// What `/sw.js` is when the operator has switched the worker off: it takes the place of any other, removes what that
// one cached, and goes. Submissions that wait are not in a cache; the pages go on sending them.

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(remove()));

async function remove(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith('allot-')) await caches.delete(name);
  await self.registration.unregister();
}

export {};
