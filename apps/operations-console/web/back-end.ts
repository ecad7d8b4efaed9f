import { useCallback, useEffect, useState } from 'react';
import type { Live, Session } from '../src/contract.ts';

/** An error as the back end tells it, by its code; the detail is in both languages, `中文 / English`. */
export class Problem extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** Asks the back end; what it refuses, and its absence, is a {@link Problem}. */
export async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  return (await answered(path, body)).json() as Promise<Answer>;
}

/** Has the back end's answer saved as a file, under the name that it gives. A file that broke off is not saved. */
export async function download(path: string, body: object): Promise<void> {
  const response = await answered(path, body);
  const file = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? '';
  const content = await response.blob().catch(() => {
    throw new Problem('UNREACHABLE', '文件传输中断，未保存 / the file broke off and was not saved');
  });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = file;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function answered(path: string, body?: object): Promise<Response> {
  const request = body
    ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : {};
  const response = await fetch(path, { ...request, cache: 'no-store' }).catch(() => {
    throw new Problem('UNREACHABLE', '控制台没有应答 / the console does not answer');
  });
  if (response.ok) return response;
  const answer = (await response.json()) as { code?: string; detail?: string; title?: string };
  throw new Problem(answer.code ?? 'INTERNAL', answer.detail ?? answer.title ?? String(response.status));
}

/** A look is due every 5 s; three that fail to come are a silence. */
const silenceMs = 15_000;

/** Who is logged in; asked again until the back end answers. */
export function useSession(): { session?: Session; problem?: Problem } {
  const [state, setState] = useState<{ session?: Session; problem?: Problem }>({});
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      ask<Session>('/v1/session').then(
        (session) => setState({ session }),
        (problem: unknown) => {
          setState({ problem: problem as Problem });
          timer = setTimeout(look, 2_000);
        },
      );
    };
    look();
    return () => clearTimeout(timer);
  }, []);
  return state;
}

/** Who wants to know when somebody has changed something, here or elsewhere. */
const listeners = new Set<() => void>();

/** The newest look at the exchange, and whether looks still come. Goes on by itself when the back end is there again. */
export function useLive(): { live?: Live; connected: boolean } {
  const [state, setState] = useState<{ live?: Live; connected: boolean }>({ connected: true });
  useEffect(() => {
    let silence: ReturnType<typeof setTimeout>;
    let source: EventSource;
    const lost = (): void => setState(({ live }) => ({ ...(live && { live }), connected: false }));
    const open = (): void => {
      source = new EventSource('/v1/live');
      source.onmessage = ({ data }: MessageEvent<string>) => {
        setState({ live: JSON.parse(data) as Live, connected: true });
        expectLook();
      };
      source.addEventListener('changed', () => listeners.forEach((listener) => listener()));
      source.onerror = lost;
    };
    // A browser gives up a stream that was once refused, as while the back end starts; then it is opened anew.
    const expectLook = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        lost();
        source.close();
        open();
        expectLook();
      }, silenceMs);
    };
    open();
    expectLook();
    return () => {
      clearTimeout(silence);
      source.close();
    };
  }, []);
  return state;
}

/** What the back end answers to a question, asked again every so often and when anybody did something. An answer stays while the next is not there. */
export function usePolled<Answer>(
  path: string,
  everyMs: number,
): { answer?: Answer; problem?: Problem; again: () => void } {
  const [state, setState] = useState<{ path: string; answer?: Answer; problem?: Problem }>({ path });
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        const answer = await ask<Answer>(path);
        if (!isOver) setState({ path, answer });
      } catch (problem) {
        if (!isOver)
          setState((before) => ({ ...(before.path === path ? before : { path }), problem: problem as Problem }));
      }
      if (!isOver) timer = setTimeout(() => void look(), everyMs);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [path, everyMs, asked]);
  const again = useCallback(() => setAsked((times) => times + 1), []);
  useEffect(() => {
    listeners.add(again);
    return () => void listeners.delete(again);
  }, [again]);
  const { answer, problem } = state.path === path ? state : {};
  return { ...(answer === undefined ? {} : { answer }), ...(problem ? { problem } : {}), again };
}

/** Keys that are held down move a slider faster than one wants to be answered. */
const settledMs = 300;

/**
 * What the back end answers to a question in a body, asked once when the question changes and again when told to: never by
 * itself, since each time is a read of somebody's data. An answer stays while the next is not there.
 */
export function useAsked<Answer>(
  path: string,
  body: object,
): { answer?: Answer; problem?: Problem; at: number; again: () => void } {
  const [state, setState] = useState<{ answer?: Answer; problem?: Problem; at: number }>({ at: 0 });
  const [asked, setAsked] = useState(0);
  const question = JSON.stringify(body);
  useEffect(() => {
    let isOver = false;
    const look = (): void => {
      ask<Answer>(path, JSON.parse(question) as object).then(
        (answer) => !isOver && setState({ answer, at: Date.now() }),
        (problem: unknown) => !isOver && setState({ problem: problem as Problem, at: Date.now() }),
      );
    };
    const timer = setTimeout(look, state.at === 0 ? 0 : settledMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [path, question, asked]);
  return { ...state, again: useCallback(() => setAsked((times) => times + 1), []) };
}
