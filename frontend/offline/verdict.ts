// What an answer of the server means for a submission.

import type { Delay, Refusal } from './records';

export type Receipt = { id: string; counted: boolean; manage: string };

export type Verdict =
  | { is: 'taken'; receipt: Receipt }
  /** For good, and nothing was stored. */
  | { is: 'refused'; why: Refusal }
  /** The id can't be used; nothing was stored under it by this submission. */
  | { is: 'bad-id'; now: number }
  /** It is not in the outbox any more: nothing was sent. */
  | { is: 'withdrawn' }
  /** Try again, after `wait` milliseconds if the server said so. Unless `unstored`, nobody knows what became of it. */
  | { is: 'later'; why: Delay; wait?: number; unstored?: boolean };

type Problem = { type?: string; errors?: { field: string }[] };

/** Something between us and the server answered, such as the sign-in page of a network: as good as no answer. */
const STRANGER: Verdict = { is: 'later', why: 'offline' };

/** Judges an answer; `undefined` where none came. `unsure`: whether an attempt before may have been taken. */
export async function judge(answer: Response | undefined, id: string, unsure: boolean): Promise<Verdict> {
  if (!answer) return STRANGER;
  const type = answer.headers.get('content-type') ?? '';
  // A body that breaks off is no answer either.
  const body = type.includes('json') ? await answer.json().catch(() => undefined) : undefined;
  if (answer.ok) return body?.id === id ? { is: 'taken', receipt: body } : STRANGER;
  const wait = 1000 * Number(answer.headers.get('retry-after')) || undefined;
  if (answer.status >= 500) return { is: 'later', why: body ? 'busy' : 'offline', wait };
  if (!type.startsWith('application/problem+json') || !body) return STRANGER;
  return refusal(answer, body, wait, unsure);
}

function refusal(answer: Response, { type, errors }: Problem, wait: number | undefined, unsure: boolean): Verdict {
  const badId: Verdict = { is: 'bad-id', now: serverTime(answer) ?? Date.now() };
  switch (answer.status) {
    case 404:
      return { is: 'refused', why: 'gone' };
    case 408:
      return { is: 'later', why: 'busy', wait };
    case 409:
      return type?.endsWith('closed') ? { is: 'refused', why: 'closed' } : badId;
    case 410:
      // Where no attempt can have been taken, the id was spent by another split: this one is a wish of its own.
      return unsure ? { is: 'refused', why: 'deleted' } : badId;
    case 422:
      return errors?.some(({ field }) => field === 'id') ? badId : { is: 'refused', why: 'changed' };
    case 429:
      return { is: 'later', why: 'limited', wait, unstored: true };
    default:
      return { is: 'refused', why: 'failed' };
  }
}

/** The server's clock, to the second, in milliseconds. */
export function serverTime(answer: Response): number | undefined {
  return Date.parse(answer.headers.get('date') ?? '') || undefined;
}
