// From a finger or a key to the painted answer of the sliders, at a fourth of the processor's speed.

const SLOWER = 4;
const KEYS = 150;
const DRAGS = 8;
const STEPS = 30;

/** Milliseconds from each input to the frame that shows it, sorted; with auto-balance, so that every slider moves. */
export async function slider(browser, url) {
  const page = await browser.newPage();
  await page.setViewport({ width: 412, height: 823, deviceScaleFactor: 1.75 });
  await page.evaluateOnNewDocument(watch);
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForSelector('form[data-ready]');
  await page.click('[data-do=even]');
  await page.click('[data-part=auto]');
  const session = await page.createCDPSession();
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });

  const sliders = await page.$$('input[type=range]');
  await sliders[0].focus();
  for (let i = 0; i < KEYS; i++) {
    await page.keyboard.press(i % 20 < 10 ? 'ArrowRight' : 'ArrowLeft');
    await page.evaluate(() => window.painted());
  }
  const keys = await page.evaluate(() => window.taken.splice(0));
  for (let i = 0; i < DRAGS; i++) {
    const box = await sliders[i % sliders.length].evaluate((range) => {
      range.scrollIntoView({ block: 'center' });
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x, y: y + height / 2, width, value: Number(range.value) / Number(range.max) };
    });
    const begin = box.x + 14 + (box.width - 28) * box.value;
    await page.mouse.move(begin, box.y);
    await page.mouse.down();
    for (let step = 1; step <= STEPS; step++) {
      await page.mouse.move(begin + (step * box.width) / 3 / STEPS, box.y);
      await page.evaluate(() => window.painted());
    }
    await page.mouse.up();
  }
  const drags = await page.evaluate(() => window.taken.splice(0));
  await page.close();
  const ascending = (one, other) => one - other;
  return { slower: SLOWER, keys: keys.sort(ascending), drags: drags.sort(ascending) };
}

/** In the page: the time from the event that the system sent to the first task after the frame with its answer. */
function watch() {
  window.taken = [];
  let sent = 0;
  let pending = Promise.resolve();
  for (const type of ['keydown', 'pointerdown', 'pointermove']) addEventListener(type, ({ timeStamp }) => (sent = timeStamp), true);
  addEventListener(
    'input',
    () => {
      const begun = sent;
      pending = new Promise((resolve) =>
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            window.taken.push(performance.now() - begun);
            resolve();
          };
          port2.postMessage(0);
        }),
      );
    },
    true,
  );
  window.painted = () => pending;
}
