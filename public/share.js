// "Share" or "Copy link" on a page that has a [data-share] button. The button is invisible until this runs, so
// nobody sees what can't work. A canonical address in the button's value wins over the address bar, which may
// carry more than should be passed on.
const phone = matchMedia("(pointer: coarse)").matches;

for (const button of document.querySelectorAll("[data-share]")) {
  const words = button.dataset;
  const url = new URL(button.value || location.href, location.href).href;
  const said = button.parentElement.querySelector("[data-share-said]");
  const share = phone && navigator.canShare?.({ url });
  if (!share && !navigator.clipboard) continue;
  button.textContent = share ? words.share : words.copy;
  button.dataset.ready = "";
  button.addEventListener("click", async () => {
    try {
      if (share) await navigator.share({ title: document.title, url });
      else {
        await navigator.clipboard.writeText(url);
        said.textContent = words.copied;
      }
    } catch (error) {
      // Who closes the sheet has changed their mind.
      if (error.name !== "AbortError") said.textContent = `${words.failed} ${url}`;
    }
  });
}
