/** One step of a long start, to be shown to a person: Chinese first, English after, with the time it took where it is done. */
export interface Progress {
  zh: string;
  en: string;
  seconds?: number;
}

/** Called at each step of a start; must not throw. */
export type OnProgress = (progress: Progress) => void;
