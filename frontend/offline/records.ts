// What this device keeps in IndexedDB. `docs/offline.md` says for how long, and how a person removes it.

/** Shares in hundredths of a percent, by the slug of the category. */
export type Points = Record<string, number>;

/** What the categories are called, as the person read it. */
export type Names = Record<string, string>;

/** Why a submission won't be taken, however often it is sent. */
export type Refusal = 'closed' | 'gone' | 'changed' | 'deleted' | 'unsure' | 'failed';

/** Why a submission waits. */
export type Delay = 'offline' | 'busy' | 'limited';

/** What the person submitted, before it is in the outbox. */
export type Draft = {
  budget: string;
  title: string;
  points: Points;
  names: Names;
  /** They asked to be remembered: the cookie is asked for before this is sent. */
  remember: boolean;
  /** This device is remembered already. */
  remembered: boolean;
  /** An id that the server made for exactly this form; without one the device makes its own. */
  id?: string;
};

/** A submission in the outbox. */
export type Waiting = {
  /** Its place in the queue. */
  seq: number;
  /** UUID v7. */
  id: string;
  budget: string;
  title: string;
  points: Points;
  names: Names;
  remember: boolean;
  /** Milliseconds of the device's clock. */
  made: number;
  /** The id's time is the device's and was never compared with the server's. */
  unchecked: boolean;
  /** An attempt was begun whose end is unknown: it may have been taken. */
  unsure: boolean;
  /** Attempts so far. */
  tries: number;
  /** How often the server refused its id and it got another. */
  renamed: number;
  delay?: Delay;
  refused?: Refusal;
};

/** A submission that the server has taken. */
export type Sent = {
  id: string;
  /** Its place in the queue that it was in. */
  seq: number;
  budget: string;
  title: string;
  points: Points;
  names: Names;
  /** Milliseconds of the device's clock. */
  made: number;
  /** Exports and deletes it. */
  manage: string;
  /** Whether it counted when the server was last asked. */
  counted: boolean;
  /** It was deleted, here or elsewhere. */
  deleted?: boolean;
  /** When the device forgets it, in milliseconds. */
  until: number;
};
