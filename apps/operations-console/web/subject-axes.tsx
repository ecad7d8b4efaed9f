import { Button } from 'antd';
import type { SubjectChangeView } from '../src/contract.ts';
import { useSurroundings } from './surroundings.tsx';

/** A moment on both time axes; the present where one is left out. */
export interface Moment {
  readonly validAt?: string;
  readonly knownAt?: string;
}

const dayMs = 86_400_000;
/** How far the slider of valid days reaches back; the field beside it takes any day. */
const days = 20 * 365;

/** The instant at which a change was known: the next millisecond, because a change is applied within one. */
export const knownSince = ({ appliedAt }: { appliedAt: string }): string =>
  new Date(Date.parse(appliedAt) + 1).toISOString();

/** Two sliders, for what was known when and for what was true when; at their right ends both are the present. */
export function Axes(props: {
  changes: readonly SubjectChangeView[];
  moment: Moment;
  setMoment: (moment: Moment) => void;
}) {
  const { changes, moment, setMoment } = props;
  const { say } = useSurroundings();
  const isThen = moment.knownAt !== undefined || moment.validAt !== undefined;
  return (
    <section className="axes" aria-label={say('axes')}>
      <KnownAxis {...{ changes, moment, setMoment }} />
      <ValidAxis {...{ moment, setMoment }} />
      <Button disabled={!isThen} onClick={() => setMoment({})}>
        {say('backToPresent')}
      </Button>
    </section>
  );
}

interface Axis {
  readonly moment: Moment;
  readonly setMoment: (moment: Moment) => void;
}

/** A stop for each change: there is nothing to see between them. */
function KnownAxis({ changes, moment, setMoment }: Axis & { changes: readonly SubjectChangeView[] }) {
  const { say, moment: exactly } = useSurroundings();
  const { knownAt, ...rest } = moment;
  const stops = [...new Set(changes.map(knownSince))].sort();
  const at = knownAt === undefined ? stops.length : stops.indexOf(knownAt);
  const said = knownAt === undefined ? say('present') : exactly(knownAt);
  return (
    <div className="axis">
      <label htmlFor="known-at">{say('knownAxis')}</label>
      <output htmlFor="known-at">{said}</output>
      <input
        id="known-at"
        type="range"
        min={0}
        max={stops.length}
        value={at}
        aria-valuetext={said}
        aria-describedby="known-at-why"
        onChange={({ target }) => {
          const stop = stops[Number(target.value)];
          setMoment(stop === undefined ? rest : { ...rest, knownAt: stop });
        }}
      />
      <span id="known-at-why" className="hint">
        {say('knownAxisWhy')}
      </span>
    </div>
  );
}

/** A stop for each day. */
function ValidAxis({ moment, setMoment }: Axis) {
  const { say } = useSurroundings();
  const { validAt, ...rest } = moment;
  const today = dayOf(Date.now());
  const at = validAt === undefined ? days : days - (Date.parse(today) - Date.parse(validAt)) / dayMs;
  const said = validAt ?? say('present');
  const choose = (day: string): void => setMoment(day === '' || day >= today ? rest : { ...rest, validAt: day });
  return (
    <div className="axis">
      <label htmlFor="valid-at">{say('validAxis')}</label>
      <input
        type="date"
        aria-label={say('validDay')}
        value={validAt ?? ''}
        max={today}
        onChange={({ target }) => choose(target.value)}
      />
      <input
        id="valid-at"
        type="range"
        min={0}
        max={days}
        value={Math.max(0, at)}
        aria-valuetext={said}
        aria-describedby="valid-at-why"
        onChange={({ target }) => choose(dayOf(Date.parse(today) - (days - Number(target.value)) * dayMs))}
      />
      <span id="valid-at-why" className="hint">
        {say('validAxisWhy')}
      </span>
    </div>
  );
}

/** The day in the viewer's zone; days themselves have none. */
function dayOf(ms: number): string {
  const at = new Date(ms);
  return new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate())).toISOString().slice(0, 10);
}
