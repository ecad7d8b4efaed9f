import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react';

const listeners = new Set<() => void>();
const changed = (): void => listeners.forEach((listener) => listener());
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
};

/** The page and its filters, as the address bar has them: a link to them can be kept and shared. */
export function useAddress(): { path: string; query: URLSearchParams } {
  const href = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const url = new URL(href, location.origin);
  return { path: url.pathname, query: url.searchParams };
}

export function go(href: string): void {
  history.pushState(null, '', href);
  changed();
}

type Filters = Readonly<Record<string, string | number | undefined>>;

/** The address of a page with these filters. */
function addressOf(path: string, filters: Filters): string {
  const set = Object.entries(filters).flatMap(([name, value]) => (value ? [[name, String(value)]] : []));
  return set.length > 0 ? `${path}?${new URLSearchParams(set)}` : path;
}

export const lagAddress = (filters: Filters): string => addressOf('/lag', filters);
export const parkedAddress = (filters: Filters): string => addressOf('/parked', filters);
export const alarmsAddress = (filters: Filters): string => addressOf('/alarms', filters);
export const completenessAddress = (filters: Filters): string => addressOf('/completeness', filters);
export const topicsAddress = (filters: Filters): string => addressOf('/topics', filters);
/** A subject is named by the handle that a search gave it, never by its id. */
export const subjectAddress = (handle?: string): string => addressOf('/subjects', { subject: handle });

/** A link within the console; with a modifier key it is a link as any other. */
export function Link({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const onClick = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(href);
    document.querySelector('main')?.focus();
  };
  return <a href={href} onClick={onClick} {...rest} />;
}
