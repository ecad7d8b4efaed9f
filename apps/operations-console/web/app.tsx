import { Alert, ConfigProvider, Segmented, Spin, theme } from 'antd';
import en from 'antd/locale/en_GB.js';
import zh from 'antd/locale/zh_CN.js';
import { useEffect, useState } from 'react';
import type { Session } from '../src/contract.ts';
import { Link, useAddress } from './address.tsx';
import { AlarmsPage } from './alarms-page.tsx';
import { useLive, useSession } from './back-end.ts';
import { CompletenessPage } from './completeness-page.tsx';
import { FollowPage } from './follow-page.tsx';
import { LagPage } from './lag-page.tsx';
import { OverviewPage } from './overview-page.tsx';
import { ParkedPage } from './parked-page.tsx';
import { SubjectsPage } from './subjects-page.tsx';
import { speaker, SurroundingsContext, useSurroundings } from './surroundings.tsx';
import { TopicsPage } from './topics-page.tsx';
import type { Language } from './words.ts';

/** `help` is the document that tells of a page in English; one document in Chinese tells of all, a heading each. */
const pages = [
  { path: '/', word: 'overview', Page: OverviewPage, help: 'open-the-operations-console' },
  { path: '/lag', word: 'lag', Page: LagPage, help: 'watch-lag' },
  { path: '/parked', word: 'parkedEvents', Page: ParkedPage, help: 'release-a-parked-event' },
  { path: '/completeness', word: 'completeness', Page: CompletenessPage, help: 'prove-a-dataset' },
  { path: '/topics', word: 'topicsAndSchemas', Page: TopicsPage, help: 'open-the-operations-console' },
  { path: '/subjects', word: 'subjects', Page: SubjectsPage, help: 'open-the-operations-console' },
  { path: '/follow', word: 'follow', Page: FollowPage, help: 'open-the-operations-console' },
  { path: '/alarms', word: 'alarms', Page: AlarmsPage, help: 'watch-with-prometheus' },
] as const;

/** What an address shows that is none of a page. */
const notThere = { path: '', word: 'noSuchPage', Page: NotThere, help: 'open-the-operations-console' } as const;

function NotThere() {
  const { say } = useSurroundings();
  return (
    <p>
      {say('noSuchPageWhy')} <Link href="/">{say('toOverview')}</Link>
    </p>
  );
}

const nonce = document.querySelector<HTMLElement>('meta[property=csp-nonce]')?.nonce;

/** A choice that the browser keeps; it says nothing of anybody. */
function useKept<Choice extends string>(name: string, first: Choice): [Choice, (choice: Choice) => void] {
  const [choice, setChoice] = useState(() => (localStorage.getItem(name) as Choice | null) ?? first);
  const keep = (next: Choice): void => {
    localStorage.setItem(name, next);
    setChoice(next);
  };
  return [choice, keep];
}

/** The console: what surrounds the pages, and the page that the address names. */
export function App() {
  const [language, setLanguage] = useKept<Language>('language', 'zh');
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const [look, setLook] = useKept<'light' | 'dark'>('theme', prefersDark ? 'dark' : 'light');
  const dark = look === 'dark';
  const { session, problem } = useSession();
  const { live, connected } = useLive();
  const { path } = useAddress();
  const { say, clock, zone } = speaker(language);
  const { word, Page, help } = pages.find((page) => page.path === path) ?? notThere;

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset['theme'] = look;
    document.title = `${say(word)} · ${say('console')}`;
  });

  return (
    <ConfigProvider
      csp={{ nonce: nonce ?? '' }}
      button={{ autoInsertSpace: false }}
      locale={language === 'zh' ? zh : en}
      theme={{
        algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        token: tokens(dark),
        components: components(dark),
      }}
    >
      <a className="skip" href="#content">
        {say('skip')}
      </a>
      <Header {...{ word, language, setLanguage, look, setLook, session }} firing={live?.alarms?.firing ?? 0} />
      <main id="content" tabIndex={-1}>
        <div className="heading">
          <h1>{say(word)}</h1>
          <a
            className="help"
            href={language === 'zh' ? `/help/open-the-operations-console-zh-CN#${say(word)}` : `/help/${help}`}
            target="_blank"
            rel="noreferrer"
          >
            {say('help')}
          </a>
          {live && (
            <span className={connected ? 'live' : 'live lost'} title={live.at}>
              {say(connected ? 'live' : 'asOf')} {clock(live.at)} {zone}
            </span>
          )}
        </div>
        {live && !connected && <Alert type="error" showIcon title={say('disconnected')} role="alert" />}
        {!session && problem && <Alert type="error" showIcon title={say('failed')} description={problem.message} />}
        {session && live ? (
          <SurroundingsContext value={{ language, dark, session, live }}>
            <Page />
          </SurroundingsContext>
        ) : (
          <p className="loading" role="status">
            <Spin /> {say('connecting')}
          </p>
        )}
      </main>
    </ConfigProvider>
  );
}

/** Where one can go, in which language and colours, and who one is. */
function Header(props: {
  word: (typeof pages)[number]['word'] | 'noSuchPage';
  language: Language;
  setLanguage: (language: Language) => void;
  look: 'light' | 'dark';
  setLook: (look: 'light' | 'dark') => void;
  session: Session | undefined;
  firing: number;
}) {
  const { word, language, setLanguage, look, setLook, session, firing } = props;
  const { say } = speaker(language);
  return (
    <header>
      <Link className="brand" href="/">
        {say('console')}
      </Link>
      <nav aria-label={say('pages')}>
        {pages.map((page) => (
          <Link key={page.path} href={page.path} aria-current={page.word === word ? 'page' : undefined}>
            {say(page.word)}
            {page.word === 'alarms' && firing > 0 && (
              <span className="badge">
                {firing} <span className="unseen">{say('firingNow')}</span>
              </span>
            )}
          </Link>
        ))}
      </nav>
      <div className="choices">
        <Segmented<Language>
          aria-label={say('language')}
          name="language"
          value={language}
          onChange={setLanguage}
          options={[
            { value: 'zh', label: <span lang="zh-CN">中文</span> },
            { value: 'en', label: <span lang="en">English</span> },
          ]}
        />
        <Segmented<'light' | 'dark'>
          aria-label={say('theme')}
          name="theme"
          value={look}
          onChange={setLook}
          options={[
            { value: 'light', label: say('light') },
            { value: 'dark', label: say('dark') },
          ]}
        />
        {session && (
          <span className="who">
            {session.name} · {session.role in roleWords ? say(roleWords[session.role]!) : session.role}
          </span>
        )}
      </div>
    </header>
  );
}

const roleWords: Readonly<Record<string, 'operator' | 'steward' | 'auditor'>> = {
  operator: 'operator',
  steward: 'steward',
  auditor: 'auditor',
};

/** What a button says while one points at it, and where it warns, in colours of that contrast. */
const components = (dark: boolean) => {
  const [link, bad] = dark ? ['#69b1ff', '#ff9c9c'] : ['#0a50c8', '#a8071a'];
  return {
    Button: {
      ...{ defaultHoverColor: link, defaultHoverBorderColor: link, defaultActiveColor: link },
      ...{ colorError: bad, colorErrorHover: bad, colorErrorActive: bad, colorErrorBorderHover: bad },
    },
  };
};

/** Ant Design's colours where its own do not reach the contrast of WCAG 2.2 AA. */
const tokens = (dark: boolean) => ({
  colorPrimary: dark ? '#1668dc' : '#0958d9',
  colorPrimaryHover: dark ? '#2a74d8' : '#0a50c8',
  colorPrimaryActive: dark ? '#1554ad' : '#063a91',
  colorLink: dark ? '#69b1ff' : '#0958d9',
  colorTextPlaceholder: dark ? 'rgba(255,255,255,.65)' : 'rgba(0,0,0,.62)',
  colorTextDescription: dark ? 'rgba(255,255,255,.7)' : 'rgba(0,0,0,.65)',
  colorTextTertiary: dark ? 'rgba(255,255,255,.7)' : 'rgba(0,0,0,.65)',
  fontFamily: 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  motion: false,
});
