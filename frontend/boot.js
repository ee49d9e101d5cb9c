// Starts the page's islands. Bundled by `cargo xtask build` with the bindings into the page's only script:
// the page loads it as `<script type="module" async src=...>` and needs no inline script.
//
// An island is a <leptos-island> that names, in `data-component`, the exported function that hydrates it. What the
// server rendered as an island's children lies in a <leptos-children> inside it; an island in there first calls that
// element's `$$on_hydrate`, which hands it its parent's reactive context.

import * as bindings from "allot-bindings";

const started = new WeakSet();

// What is ready runs in tasks of its own, between which the browser can answer to somebody.
const task = () => new Promise((resolve) => setTimeout(resolve));

// The parser has left an element as soon as anything follows it, or an element around it.
function complete(element) {
  if (document.readyState !== "loading") return true;
  for (let node = element; node; node = node.parentNode) {
    if (node.nextSibling) return true;
  }
  return false;
}

async function hydrate(island, enterParent) {
  started.add(island);
  const name = island.dataset.component;
  const start = bindings[name];
  if (!start) {
    console.error(`allot: the script has no island ${name}`);
    return;
  }
  try {
    enterParent?.();
    await start(island);
  } catch (error) {
    console.error(`allot: island ${name} failed to start`, error);
  }
}

// Document order, parents first. A part that the parser has not finished waits, with everything inside it.
async function walk(element, enterParent) {
  if (element.localName === "leptos-island" && !started.has(element)) {
    if (!complete(element)) return;
    await hydrate(element, enterParent);
  }
  const enter = element.localName === "leptos-children" ? element.$$on_hydrate : enterParent;
  for (const child of element.children) await walk(child, enter);
}

// One walk at a time: each starts when the one before is done.
let walks = Promise.resolve();
const walkAll = () => (walks = walks.then(() => walk(document.body)));

// The script may be ready before the page has arrived: islands then start as they come.
function walkWhileLoading() {
  const observer = new MutationObserver(walkAll);
  observer.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    observer.disconnect();
    walkAll().then(ready);
  });
}

function ready() {
  document.documentElement.dataset.app = "ready";
}

try {
  await bindings.default({ module_or_path: new URL(ALLOT_WASM, import.meta.url) });
  await task();
  bindings.hydrate();
  await task();
  if (document.readyState === "loading") walkWhileLoading();
  if (document.body) await walkAll();
  if (document.readyState !== "loading") ready();
} catch (error) {
  // The page goes on as plain HTML: its forms and links need no script.
  document.documentElement.dataset.app = "failed";
  console.error("allot: the script could not start", error);
}
