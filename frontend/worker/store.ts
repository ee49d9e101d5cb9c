// What the worker keeps: the files of its build, and the pages that are the same for everyone.

declare const self: ServiceWorkerGlobalScope;

export const FILES = new Set(ALLOT_FILES);
const MINE = `allot-${ALLOT_BUILD}-`;
const ASSETS = `${MINE}assets`;
const PAGES = `${MINE}pages`;
const SAVED_AT = 'x-allot-saved';
const BUDGETS = '/api/v1/budgets';
const ASKING = 2000;

type Budget = { slug: string };

const pagesOf = ({ slug }: Budget) => [`/b/${slug}`, `/b/${slug}/aggregate`];
const figuresOf = ({ slug }: Budget) => `${BUDGETS}/${slug}/aggregate`;

/** Who names what they have is passed on by a cache on the way: it can't know what is newer. */
const past = { 'if-none-match': `"${ALLOT_BUILD}"` };

/** All that this build's pages load. A file that an earlier build had too is not fetched again. */
export async function saveFiles(): Promise<void> {
  const assets = await caches.open(ASSETS);
  await Promise.all(
    ALLOT_FILES.map(async (path) => {
      const hashed = path.startsWith('/pkg/');
      const known = hashed ? await caches.match(path) : undefined;
      if (known) return assets.put(path, known);
      // The others keep their name when they change, and a cache on the way may have them as they were.
      return assets.add(new Request(path, hashed ? {} : { cache: 'reload', headers: past }));
    }),
  );
}

/** A file of this build, or one that a page of an earlier build still asks for. */
export async function file(request: Request): Promise<Response> {
  const known = (await (await caches.open(ASSETS)).match(request)) ?? (await caches.match(request, { ignoreVary: true }));
  return known ?? fetch(request);
}

/** Every page that needs no connection, in one language, and what everyone said. */
export async function savePages(prefix: string): Promise<void> {
  const budgets = await saveData(BUDGETS, 0).then((answer) => answer.json() as Promise<Budget[]>);
  const paths = ['/offline', '', '/budgets', '/aggregate', '/about'];
  for (const budget of budgets) {
    paths.push(...pagesOf(budget));
    await saveData(figuresOf(budget), 0);
  }
  // One after the other: somebody may be waiting for something else.
  for (const path of paths) {
    const saved = await savePage(prefix + path || '/');
    // Without this one there is nothing to show in the place of all others.
    if (!saved && path === '/offline') throw new Error('the page for no connection could not be saved');
  }
}

/** The figures again, where they are older than `age` milliseconds, and the pages that are not there yet. */
export async function refresh(prefix: string, age: number): Promise<void> {
  if (!(await page(`${prefix}/offline`))) return savePages(prefix);
  for (const budget of (await (await saveData(BUDGETS, age)).json()) as Budget[]) {
    await saveData(figuresOf(budget), age);
    // One that came after this worker was installed; in the languages that it would have got then.
    const paths = [...new Set(['', prefix])].flatMap((language) => pagesOf(budget).map((path) => language + path));
    for (const path of paths) if (!(await page(path))) await savePage(path);
  }
}

/** A page as it was saved, without regard to what its address asks for. */
export async function page(path: string): Promise<Response | undefined> {
  return (await caches.open(PAGES)).match(path, { ignoreVary: true });
}

/** How old a saved answer is, in milliseconds. */
export const age = (saved: Response) => Date.now() - Number(saved.headers.get(SAVED_AT));

/** Fetches a page as nobody in particular and saves it. */
export async function savePage(path: string): Promise<boolean> {
  if (await keepPage(path, await asNobody(path))) return true;
  // For half a minute a cache on the way may have the page of the build before.
  return keepPage(path, await asNobody(path, past));
}

const asNobody = (path: string, headers?: Record<string, string>) =>
  fetch(path, { credentials: 'omit', cache: 'no-store', headers: { accept: 'text/html', ...headers } });

/** Saves a page that is nobody's, if it is one and of this build. */
export async function keepPage(path: string, answer: Response): Promise<boolean> {
  if (!isPage(answer) || answer.redirected || forbidden(answer)) return false;
  const html = await answer.text();
  const linked = Array.from(html.matchAll(/(?:href|src)="(\/(?:pkg|palette)\/[^"]+)"/g), ([, path]) => path!);
  if (linked.some((path) => path.startsWith('/pkg/') && !FILES.has(path))) return false;
  const assets = await caches.open(ASSETS);
  for (const sheet of linked.filter((path) => path.startsWith('/palette/'))) {
    if (await assets.match(sheet)) continue;
    const colours = await fetch(sheet);
    // A process that has other colours under this name answers those, and says that they may not be kept.
    if (!colours.ok || !(colours.headers.get('cache-control') ?? '').includes('immutable')) return false;
    await assets.put(sheet, colours);
  }
  // The page can tell that it is a copy, and from when.
  const marked = html.replace('<html', `<html data-saved="${new Date().toISOString()}"`);
  await (await caches.open(PAGES)).put(path, stamped(marked, answer));
  return true;
}

/** Public figures: from the network if the saved ones are older than `age`. */
export async function saveData(path: string, oldest: number): Promise<Response> {
  const pages = await caches.open(PAGES);
  const known = await pages.match(path, { ignoreVary: true });
  if (known && age(known) < oldest) return known;
  // Past the browser's own cache, which would answer with what is stale and ask again behind our back.
  const answer = await fetch(path, { credentials: 'omit', cache: 'no-store' });
  if (!answer.ok) return answer;
  // Read here, whoever asked: an answer that nobody reads holds its connection.
  const copy = stamped(await answer.text(), answer);
  if (!forbidden(answer)) await pages.put(path, copy.clone());
  return copy;
}

function stamped(body: string, { headers }: Response): Response {
  const kept = new Headers({ [SAVED_AT]: String(Date.now()) });
  for (const [name, value] of headers) {
    // Those tell of a body that was coded for the network.
    if (!['content-encoding', 'content-length', 'etag', 'vary'].includes(name)) kept.set(name, value);
  }
  return new Response(body, { headers: kept });
}

const isPage = (answer: Response) => answer.ok && (answer.headers.get('content-type') ?? '').startsWith('text/html');

/** `no-store` is obeyed. */
const forbidden = (answer: Response) => (answer.headers.get('cache-control') ?? '').includes('no-store');

/** Whether everybody gets this same answer. */
export const isPublic = (answer: Response) =>
  isPage(answer) && (answer.headers.get('cache-control') ?? '').split(/[, ]+/).includes('public');

/** Drops what other builds kept, each build as a whole, unless a page of it is still open somewhere. */
export async function sweep(): Promise<void> {
  const { waiting, installing } = self.registration;
  // What is to come next keeps its own already.
  if (waiting || installing) return;
  const old = (await caches.keys()).filter((name) => name.startsWith('allot-') && !name.startsWith(MINE));
  if (!old.length) return;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const pages = await Promise.all(windows.map(filesOf));
  for (const build of new Set(old.map((name) => name.replace(/[^-]*$/, '')))) {
    const uses = await Promise.all(pages.map((files) => needs(files, build)));
    if (uses.some(Boolean)) continue;
    for (const name of old) if (name.startsWith(build)) await caches.delete(name);
  }
}

/** Whether a page has a file that only the other build has: any of its files may be the same in both. */
async function needs(files: string[] | undefined, build: string): Promise<boolean> {
  // A page that doesn't say may need anything.
  if (!files) return true;
  const foreign = files.filter((path) => !FILES.has(path));
  // Asked so, a cache that is not there is not made.
  const found = await Promise.all(foreign.map((path) => caches.match(path, { cacheName: `${build}assets`, ignoreVary: true })));
  return found.some(Boolean);
}

/** The hashed files that a page is made of; nothing if it doesn't say. */
function filesOf(window: WindowClient): Promise<string[] | undefined> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data as string[]);
    setTimeout(resolve, ASKING, undefined);
    window.postMessage('files?', [port2]);
  });
}
