import { Button, Input } from 'antd';
import { useState, type SyntheticEvent } from 'react';
import { Link, useAddress } from './address.tsx';
import { useSurroundings } from './surroundings.tsx';

/** A view of a page: the address has all of its filters, and never anything of a person. */
interface SavedFilter {
  readonly name: string;
  readonly href: string;
}

const place = 'saved-filters';
const savedMax = 20;

/** What this browser has kept; nothing where somebody else wrote there what this is not. */
function readSaved(): readonly SavedFilter[] {
  try {
    const saved = JSON.parse(localStorage.getItem(place) ?? '[]') as readonly SavedFilter[];
    return saved.filter(({ name, href }) => typeof name === 'string' && href.startsWith('/') && !href.startsWith('//'));
  } catch {
    return [];
  }
}

/** The kept views of this page, and a way to keep the present one, in this browser only. */
export function SavedFilters() {
  const { say } = useSurroundings();
  const { path, query } = useAddress();
  const [saved, setSaved] = useState(readSaved);
  const [name, setName] = useState('');
  const href = `${path}?${query}`;
  const keep = (next: readonly SavedFilter[]): void => {
    localStorage.setItem(place, JSON.stringify(next));
    setSaved(next);
  };
  const save = (event: SyntheticEvent): void => {
    event.preventDefault();
    keep([{ name: name.trim(), href }, ...saved.filter((one) => one.href !== href)].slice(0, savedMax));
    setName('');
  };
  const here = saved.filter((one) => new URL(one.href, location.origin).pathname === path);
  return (
    <details className="saved" open={here.length > 0}>
      <summary>{say('savedFilters')}</summary>
      <ul className="outcomes">
        {here.map((one) => (
          <li key={one.href}>
            <Link href={one.href} aria-current={one.href === href ? 'page' : undefined}>
              {one.name}
            </Link>{' '}
            <button
              type="button"
              className="expand"
              aria-label={`${say('forget')}: ${one.name}`}
              onClick={() => keep(saved.filter(({ href: other }) => other !== one.href))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {query.size > 0 && (
        <form className="buttons" onSubmit={save} autoComplete="off">
          <Input
            aria-label={say('nameOfFilter')}
            placeholder={say('nameOfFilter')}
            value={name}
            maxLength={40}
            required
            onChange={({ target }) => setName(target.value)}
          />
          <Button htmlType="submit" disabled={name.trim() === ''}>
            {say('saveFilter')}
          </Button>
        </form>
      )}
    </details>
  );
}
