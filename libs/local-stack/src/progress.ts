/** One step of a long start, to be shown to a person: Chinese first, English after, with the time it took where it is done. */
export interface Progress {
  zh: string;
  en: string;
  seconds?: number;
}

export type OnProgress = (progress: Progress) => void;
