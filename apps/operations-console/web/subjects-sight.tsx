import { Alert, Button } from 'antd';
import { useEffect, useState, type SyntheticEvent } from 'react';
import type { Unmasked } from '../src/contract.ts';
import { ask, type Problem } from './back-end.ts';
import { Purpose } from './purpose.tsx';
import { useSurroundings } from './surroundings.tsx';

/** Why one reads, and the right to see values while there is one; both go with every question about a subject. */
export interface Sight {
  readonly purpose: string;
  readonly unmasked: Unmasked | undefined;
}

/** What a question about a subject carries. */
export const reasonOf = ({ purpose, unmasked }: Sight): { purpose: string } | { grant: string } =>
  unmasked ? { grant: unmasked.grant } : { purpose };

/** The page masks a moment before the server does, so that nobody meets a refusal. */
const earlierMs = 2_000;

/** Whether values are masked, until when not, and for stewards the way to see them. `show` gets the right, or nothing once it is over. */
export function SightPanel(props: { sight: Sight; show: (unmasked: Unmasked | undefined, purpose?: string) => void }) {
  const { sight, show } = props;
  const { say, session } = useSurroundings();
  const isSteward = session.role === 'steward';
  return (
    <section className="panel" aria-label={say('sight')}>
      {sight.unmasked ? (
        <Shown unmasked={sight.unmasked} purpose={sight.purpose} end={() => show(undefined)} />
      ) : (
        <p>
          {say('sightMasked')}
          {!isSteward && <span className="hint"> · {say('sightOnlySteward')}</span>}
        </p>
      )}
      {!sight.unmasked && isSteward && <Ask first={sight.purpose} show={show} />}
    </section>
  );
}

function Shown({ unmasked, purpose, end }: { unmasked: Unmasked; purpose: string; end: () => void }) {
  const { say, duration } = useSurroundings();
  const [now, setNow] = useState(Date.now());
  const leftMs = Date.parse(unmasked.until) - earlierMs - now;
  useEffect(() => {
    if (leftMs <= 0) end();
    const timer = setTimeout(() => setNow(Date.now()), Math.min(1_000, Math.max(0, leftMs)));
    return () => clearTimeout(timer);
  });
  return (
    <p className="shown" role="timer">
      <strong>
        {say('sightOpen')} {duration(Math.max(0, Math.ceil(leftMs / 1_000)))}
      </strong>
      <span>
        {say('sightFor')}: {purpose}
      </span>
      <Button size="small" onClick={end}>
        {say('maskNow')}
      </Button>
    </p>
  );
}

function Ask({ first, show }: { first: string; show: (unmasked: Unmasked, purpose: string) => void }) {
  const { say, sentence } = useSurroundings();
  const [purpose, setPurpose] = useState(first);
  const [problem, setProblem] = useState<Problem>();
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    ask<Unmasked>('/v1/subjects/unmask', { purpose }).then(
      (unmasked) => show(unmasked, purpose),
      (refused: unknown) => setProblem(refused as Problem),
    );
  };
  return (
    <form className="reasoned" onSubmit={send} autoComplete="off">
      <Purpose value={purpose} onChange={setPurpose} why="showWhy" required />
      <span className="buttons">
        <Button htmlType="submit">{say('showFor')}</Button>
      </span>
      {problem && <Alert role="alert" type="warning" showIcon title={sentence(problem.message)} />}
    </form>
  );
}
