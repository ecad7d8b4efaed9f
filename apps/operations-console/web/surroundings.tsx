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

/** A time in the viewer's zone, and exactly where one points at it; what is not known is said to be so. */
export function Time({ at }: { at: string | null }) {
  const { say, moment } = useSurroundings();
  return at === null ? (
    say('unknown')
  ) : (
    <time dateTime={at} title={at}>
      {moment(at)}
    </time>
  );
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
  const zone = new Intl.DateTimeFormat(locale, { timeZoneName: 'shortOffset' });
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
    // Several where events of several were applied together.
    dataset: (names: string) =>
      names
        .split(' ')
        .map((name) => title(session?.datasets.find((each) => each.name === name)?.title, name))
        .join(language === 'zh' ? '、' : ', '),
    subject: (name: string) => title(session?.subjects.find((each) => each.name === name)?.title, name),
    department: (code: string) => title(departments[code], code),
    count: (count: number | null) => (count === null ? say('unknown') : number.format(count)),
    duration: (seconds: number | null) => (seconds === null ? say('unknown') : durationIn(language, seconds)),
    clock: (at: string | number) => clock.format(new Date(at)),
    /** The zone that all times are in, such as GMT+8. */
    zone: zone.formatToParts().find(({ type }) => type === 'timeZoneName')?.value,
    day: (at: string) => day.format(new Date(at)),
    moment: (at: string) => moment.format(new Date(at)),
    /** What an event says that happened, or what a change did. */
    verbOf: (verb: string): string => (verb in words ? say(verb as Word) : verb),
    /** The back end's sentences are `中文 / English`; where there is but one language, that one. */
    sentence: (text: string): string => {
      const parts = text.split(' / ');
      return parts.length === 2 ? parts[language === 'zh' ? 0 : 1]! : text;
    },
  };
}

/** A length of time in units that a person reads: 31 ms for what is quick, then 12 s, 3 min 5 s, 2 h 10 min, 4 d 3 h. */
function durationIn(language: Language, seconds: number): string {
  const [ms, s, min, h, d] =
    language === 'zh' ? (['毫秒', '秒', '分', '小时', '天'] as const) : ([' ms', ' s', ' min', ' h', ' d'] as const);
  if (seconds > 0 && seconds < 1) return `${Math.round(seconds * 1_000)}${ms}`;
  if (seconds < 10) return `${Math.round(seconds * 10) / 10}${s}`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${s}`;
  const inTwo = (long: number, longUnit: string, short: number, shortUnit: string): string => {
    const rest = Math.floor((whole % long) / short);
    return `${Math.floor(whole / long)}${longUnit}${rest > 0 ? ` ${rest}${shortUnit}` : ''}`;
  };
  if (whole < 3_600) return inTwo(60, min, 1, s);
  return whole < 86_400 ? inTwo(3_600, h, 60, min) : inTwo(86_400, d, 3_600, h);
}
