// How fast this page was there and answered, told to this server when somebody leaves it: which kind of page, and up to
// five numbers (Web Vitals). No cookie goes with them and nothing that says who, what they gave or where they were.
//
// Fetched after everything else, by a sample of the visits alone: the browser keeps what happened before. Our own and not
// `web-vitals`, which is three times the bytes for what isn't asked here (attribution, returns from the back button).

type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };
type Interaction = PerformanceEntry & { interactionId?: number };
type Visible = PerformanceEntry & { name: 'visible' | 'hidden' };
type Navigation = PerformanceNavigationTiming & { activationStart?: number };

const script = document.querySelector<HTMLElement>('script[data-vitals]');
/** Milliseconds; `cls` has no unit. What the browser doesn't measure, or what didn't happen, is not there. */
const report: Record<string, number | string> = {};

const timing = performance.getEntriesByType('navigation')[0] as Navigation | undefined;
/** A page that was prepared in the background begins when somebody sees it. */
const start = timing?.activationStart ?? 0;
const since = (time: number) => Math.max(0, Math.round(time - start));

/** What a page in the background took says nothing. */
const hidden = (performance.getEntriesByType('visibility-state') as Visible[]).find(({ name }) => name === 'hidden')?.startTime ?? Infinity;
const seen = (time: number) => time < hidden && time >= start;

/** So that nothing that was measured is missing in the end. */
const flushes: (() => void)[] = [];

function observe<Entry extends PerformanceEntry>(type: string, take: (entry: Entry) => void, options = {}): void {
  // Others throw, or warn on the console.
  if (!PerformanceObserver.supportedEntryTypes.includes(type)) return;
  const each = (entries: PerformanceEntryList) => (entries as Entry[]).forEach(take);
  const observer = new PerformanceObserver((list) => each(list.getEntries()));
  observer.observe({ type, buffered: true, ...options });
  flushes.push(() => each(observer.takeRecords()));
}

if (timing && timing.responseStart > 0) report.ttfb = since(timing.responseStart);

observe('paint', ({ name, startTime }) => {
  if (name === 'first-contentful-paint' && seen(startTime)) report.fcp = since(startTime);
});

// The browser stops at the first input.
observe('largest-contentful-paint', ({ startTime }) => {
  if (seen(startTime)) report.lcp = since(startTime);
});

// The worst window of up to five seconds without a pause of one.
let [first, last, sum] = [0, 0, 0];
if (PerformanceObserver.supportedEntryTypes.includes('layout-shift')) report.cls = 0;
observe<Shift>('layout-shift', ({ value, hadRecentInput, startTime }) => {
  if (hadRecentInput) return;
  if (startTime - last > 1000 || startTime - first > 5000) [first, sum] = [startTime, 0];
  last = startTime;
  sum += value;
  report.cls = Math.max(report.cls as number, Math.round(sum * 10_000) / 10_000);
});

// Of all that somebody did, nearly the slowest: of fifty one may be slower.
const slowest = new Map<number, number>();
function interaction({ interactionId: id, duration }: Interaction): void {
  if (!id) return;
  slowest.set(id, Math.max(slowest.get(id) ?? 0, duration));
  const longest = [...slowest].sort(([, one], [, other]) => other - one).slice(0, 10);
  slowest.clear();
  for (const [id, duration] of longest) slowest.set(id, duration);
  const all = (performance as Performance & { interactionCount?: number }).interactionCount ?? 0;
  report.inp = Math.round(longest[Math.min(longest.length - 1, Math.floor(all / 50))]![1]);
}
observe('event', interaction, { durationThreshold: 16 });
observe('first-input', interaction);

let told = false;
function tell(): void {
  if (told || !document.hidden || !script) return;
  told = true;
  for (const flush of flushes) flush();
  report.page = script.dataset.vitalsPage ?? 'other';
  // It goes on when the page is gone.
  void fetch('/vitals', {
    method: 'POST',
    credentials: 'omit',
    keepalive: true,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
  }).catch(() => {});
}
addEventListener('visibilitychange', tell);

export {};
