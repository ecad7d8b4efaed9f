import { Alert, Button } from 'antd';
import { useState } from 'react';
import { download, type Problem } from './back-end.ts';
import { useSurroundings } from './surroundings.tsx';

/** Saves a table of the page as a file: all of its rows, as they are chosen and masked on the page. */
export function ExportTable({ name, of, isIdle = false }: { name: string; of?: object; isIdle?: boolean }) {
  const { say, sentence, language } = useSurroundings();
  const [state, setState] = useState<{ busy: boolean; problem?: Problem }>({ busy: false });
  const save = (format: 'csv' | 'xlsx'): void => {
    setState({ busy: true });
    download(`/v1/exports/${name}`, { format, language, of: of ?? {} }).then(
      () => setState({ busy: false }),
      (problem: unknown) => setState({ busy: false, problem: problem as Problem }),
    );
  };
  const { busy, problem } = state;
  return (
    <div className="exports">
      <span className="buttons">
        {(['csv', 'xlsx'] as const).map((format) => (
          <Button key={format} size="small" disabled={busy || isIdle} onClick={() => save(format)}>
            {say(`export.${format}`)}
          </Button>
        ))}
      </span>
      <div role="status" aria-live="polite">
        {busy && <span className="hint">{say('exporting')}</span>}
        {problem && <Alert type="warning" showIcon title={sentence(problem.message)} />}
      </div>
    </div>
  );
}
