import { sendAnotherAfterGoingBack } from '../support/going-back';
import { test } from '../support/test';

test.use({ keepsPages: true, expectedConsole: { messages: [/status of 409/] } });

test('a page that the browser kept for its back button can send another split', async ({ page, server }) => {
  await sendAnotherAfterGoingBack(page, server);
});
