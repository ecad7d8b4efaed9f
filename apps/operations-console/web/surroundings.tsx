import { createContext, useContext } from 'react';
import type { Live, Session, Title } from '../src/contract.ts';
import { departments, words, type Language, type Word } from './words.ts';

/** What every page stands in: the language, who is logged in, and the newest look at the exchange. */
export interface Surroundings {
  readonly language: Language;
  readonly dark: boolean;
  readonly session: Session;
  readonly live: Live;
}

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

/** The surroundings, and how to say things in them. */
export function useSurroundings() {
  const surroundings = useContext(SurroundingsContext)!;
  return { ...surroundings, ...speaker(surroundings.language, surroundings.session) };
}

/** Says words, names, numbers and times in a language; what is not known is said to be so. */
export function speaker(language: Language, session?: Session) {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const say = (word: Word): string => words[word][language];
  const title = (of: Title | undefined, otherwise: string): string => of?.[language] ?? otherwise;
  const number = new Intl.NumberFormat(locale);
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
  const day = new Intl.DateTimeFormat(locale, { year: 'numeric', month: '2-digit', day: '2-digit' });
  const moment = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hour12: false,
  });
  return {
    say,
    dataset: (name: string) => title(session?.datasets.find((each) => each.name === name)?.title, name),
    subject: (name: string) => title(session?.subjects.find((each) => each.name === name)?.title, name),
    department: (code: string) => title(departments[code], code),
    count: (count: number | null) => (count === null ? say('unknown') : number.format(count)),
    duration: (seconds: number | null) => (seconds === null ? say('unknown') : durationIn(language, seconds)),
    clock: (at: string | number) => clock.format(new Date(at)),
    day: (at: string) => day.format(new Date(at)),
    moment: (at: string) => moment.format(new Date(at)),
    /** The back end's sentences are `中文 / English`; where there is but one language, that one. */
    sentence: (text: string): string => {
      const parts = text.split(' / ');
      return parts.length === 2 ? parts[language === 'zh' ? 0 : 1]! : text;
    },
  };
}

/** A length of time in units that a person reads: 31 ms for what is quick, then 12 s, 3 min 5 s, 2 h 10 min, 4 d 3 h. */
function durationIn(language: Language, seconds: number): string {
  const [ms, s, min, h, d] = language === 'zh' ? ['毫秒', '秒', '分', '小时', '天'] : [' ms', ' s', ' min', ' h', ' d'];
  if (seconds > 0 && seconds < 1) return `${Math.round(seconds * 1_000)}${ms}`;
  if (seconds < 10) return `${Math.round(seconds * 10) / 10}${s}`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${s}`;
  if (whole < 3_600) return `${Math.floor(whole / 60)}${min} ${whole % 60}${s}`;
  if (whole < 86_400) return `${Math.floor(whole / 3_600)}${h} ${Math.floor((whole % 3_600) / 60)}${min}`;
  return `${Math.floor(whole / 86_400)}${d} ${Math.floor((whole % 86_400) / 3_600)}${h}`;
}
