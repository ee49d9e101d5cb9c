import { expect, type Locator, type Page } from '@playwright/test';
import { area, escaped, percent, say, type Language } from './language';

/** Hundredths of a percent that a ballot shares out. */
export const WHOLE = 10_000;

/** What the screen shows of a ballot, in points. */
export type Shown = {
  /** Numbers that count, in category order: those in the fields, or for an unreadable field the one before. */
  points: number[];
  /** Fields that are marked as unreadable. */
  unread: number;
  /** Where the sliders stand. They have steps of half a percent; the fields are exact. */
  sliders: number[];
  /** Widths of the parts of the bar of the whole. */
  bar: number[];
  /** What the sentence beside the button says is left. */
  left: number;
  canSubmit: boolean;
};

export const sum = (points: number[]): number => points.reduce((total, share) => total + share, 0);

/** An allocate page whose controls work. */
export class Ballot {
  readonly submit: Locator;
  readonly left: Locator;
  readonly hint: Locator;
  readonly autoBalance: Locator;
  /** Beside the explanation that nothing is left. */
  readonly offer: Locator;

  constructor(
    readonly page: Page,
    readonly language: Language = 'en',
  ) {
    this.submit = page.getByRole('button', { name: say(language, 'allocate-submit'), exact: true });
    this.left = page.locator('[data-part=amount]');
    this.hint = page.locator('[data-part=hint]');
    this.offer = page.getByRole('button', { name: say(language, 'allocate-turn-on') });
    this.autoBalance = page.getByRole('switch', { name: say(language, 'allocate-auto') });
  }

  static async open(page: Page, path = '/', language: Language = 'en'): Promise<Ballot> {
    await page.goto(path);
    const ballot = new Ballot(page, language);
    await ballot.ready();
    return ballot;
  }

  /** Waits until the sliders are alive. */
  async ready(): Promise<void> {
    await expect(this.page.locator('form[data-ready]')).toBeVisible();
  }

  /** By the English name of its area, as the other controls. */
  slider(name: string): Locator {
    return this.page.getByRole('slider', { name: area(this.language, name), exact: true });
  }

  number(name: string): Locator {
    return this.page.getByRole('textbox', { name: new RegExp(`^${escaped(area(this.language, name))}\\s?${escaped(say(this.language, 'allocate-unit'))}$`) });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Types a share, in percent, and leaves the field. */
  async type(name: string, percent: string): Promise<void> {
    await this.number(name).fill(percent);
    await this.number(name).blur();
  }

  /** All of it in one look, so that nothing can change in between. */
  async shown(): Promise<Shown> {
    const left = escaped(say(this.language, 'allocate-left', { left: percent(this.language, 'LEFT') }));
    const words = {
      mark: this.language === 'es' ? ',' : '.',
      left: `^${left.replace('LEFT', '([\\d.,]+)')}$`,
      complete: say(this.language, 'allocate-complete', { whole: percent(this.language, '100') }),
    };
    return this.page.evaluate((words) => {
      const points = (percent: string) => Math.round(Number(percent) * 100);
      // As the language writes it: with its own decimal mark only.
      const read = (text: string) => (words.mark === '.' ? points(text) : points(text.includes('.') ? 'NaN' : text.replace(words.mark, '.')));
      const values = (selector: string) =>
        [...document.querySelectorAll<HTMLInputElement>(selector)].map((input) => points(input.value));
      const bar = [...document.querySelectorAll<SVGPolygonElement>('.whole .segment')].map(({ points: corners }) => (corners.length ? corners[1].x - corners[0].x : 0));
      const unread = [...document.querySelectorAll('input[name^="points."]')].map((field) => field.getAttribute('aria-invalid') === 'true');
      const amount = document.querySelector('[data-part=amount]')?.textContent ?? '';
      const left = new RegExp(words.left).exec(amount.trim());
      return {
        points: [...document.querySelectorAll<HTMLInputElement>('input[name^="points."]')].map((input, i) => (unread[i] ? bar[i] : read(input.value))),
        unread: unread.filter(Boolean).length,
        sliders: values('input[type=range]'),
        bar,
        left: left ? read(left[1]) : amount.trim() === words.complete ? 0 : NaN,
        canSubmit: !document.querySelector<HTMLButtonElement>('form[method=post] button.submit')!.disabled,
      };
    }, words);
  }

  /** The promise of the page: nothing on the screen contradicts it, whatever was done. */
  async expectConsistent(after: string): Promise<Shown> {
    const shown = await this.shown();
    const total = sum(shown.points);
    expect(total, `the sum never exceeds the whole, after ${after}`).toBeLessThanOrEqual(WHOLE);
    expect(shown.left, `what is left is said, after ${after}`).toBe(WHOLE - total);
    const complete = total === WHOLE && shown.unread === 0;
    expect(shown.canSubmit, `submit is enabled at exactly the whole, if every number can be read, after ${after}`).toBe(complete);
    expect(shown.bar, `the bar shows the numbers, after ${after}`).toEqual(shown.points);
    shown.sliders.forEach((slider, i) =>
      expect(Math.abs(slider - shown.points[i]), `slider ${i} is where its number is, after ${after}`).toBeLessThanOrEqual(25),
    );
    return shown;
  }

  /** Submits and waits for the results; answers the submission's id. */
  async send(): Promise<string> {
    await this.submit.click();
    return resultsId(this.page);
  }
}

/** The id in the address of a results page, once it is there. */
export async function resultsId(page: Page): Promise<string> {
  // A second click may break the first way there off.
  await expect(page).toHaveURL(/\/results\/[0-9a-f-]{36}$/);
  await page.waitForLoadState();
  return page.url().split('/').pop()!;
}
