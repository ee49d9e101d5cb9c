import { expect } from '@playwright/test';
import type { Server } from './server';

export type Aggregate = {
  version: number;
  submissions: number;
  categories: { slug: string; sum_points: number; mean_points: number | null; histogram: number[] }[];
};

export type Budget = { slug: string; title: string; categories: { slug: string; name: string; actual_points: number | null }[] };

export type Receipt = { id: string; counted: boolean; version: number; manage: string };

export const BUDGET = 'tax-dollars';

async function json<T>(response: Response, status = 200): Promise<T> {
  expect(response.status, `${response.url}`).toBe(status);
  return (await response.json()) as T;
}

/** The running totals as outside clients read them, with all that was acknowledged by now. */
export async function aggregate(server: Server, budget = BUDGET): Promise<Aggregate> {
  const answers = await server.ask(`/api/v1/budgets/${budget}/aggregate`);
  const found = await Promise.all(answers.map((answer) => json<Aggregate>(answer)));
  return found.reduce((newest, other) => (other.version > newest.version ? other : newest));
}

export async function definition(server: Server, budget = BUDGET): Promise<Budget> {
  return json(await fetch(`${server.url}/api/v1/budgets/${budget}`));
}

export async function submission(server: Server, id: string): Promise<{ points: Record<string, number>; counted: boolean }> {
  return json(await fetch(`${server.url}/api/v1/submissions/${id}`));
}

/** Submits as an outside client would; points in category order, the missing ones zero. */
export async function submit(server: Server, points: number[], budget = BUDGET): Promise<Receipt> {
  const { categories } = await definition(server, budget);
  const shares = Object.fromEntries(categories.map(({ slug }, i) => [slug, points[i] ?? 0]));
  const response = await fetch(`${server.url}/api/v1/budgets/${budget}/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ points: shares }),
  });
  return json(response, 201);
}

/** How the totals grew: people, and points of each category. */
export function growth(before: Aggregate, after: Aggregate): { submissions: number; points: number[] } {
  return {
    submissions: after.submissions - before.submissions,
    points: after.categories.map((category, i) => category.sum_points - before.categories[i].sum_points),
  };
}
