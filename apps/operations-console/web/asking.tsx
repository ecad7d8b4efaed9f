import { Alert } from 'antd';
import { useState, type ReactNode } from 'react';
import { ask, type Problem } from './back-end.ts';
import { useSurroundings } from './surroundings.tsx';

/** Asks the back end to have something done, and says that it was asked for, or why not; `asked` is called when it was. */
export function useAsking(asked: () => void): { send: (path: string, body: object) => void; said: ReactNode } {
  const { say, sentence } = useSurroundings();
  const [state, setState] = useState<{ problem?: Problem; isDone: boolean }>({ isDone: false });
  const send = (path: string, body: object): void => {
    ask(path, body).then(
      () => {
        setState({ isDone: true });
        asked();
      },
      (problem: unknown) => setState({ problem: problem as Problem, isDone: false }),
    );
  };
  const said = (
    <div role="status" aria-live="polite">
      {state.isDone && <p className="hint">{say('askedFor')}</p>}
      {state.problem && <Alert type="warning" showIcon title={sentence(state.problem.message)} />}
    </div>
  );
  return { send, said };
}
