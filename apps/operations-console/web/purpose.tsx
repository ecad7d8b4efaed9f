import { Input, type InputProps } from 'antd';
import { useId } from 'react';
import { useSurroundings } from './surroundings.tsx';
import type { Word } from './words.ts';

/** What a read is for, which goes into the access log with the reader's name; never into an address. */
export function Purpose(
  props: { value: string; onChange: (value: string) => void; why: Word } & Pick<InputProps, 'required' | 'minLength'>,
) {
  const { value, onChange, why, ...bounds } = props;
  const { say } = useSurroundings();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{say('purpose')}</label>
      <Input
        id={id}
        value={value}
        maxLength={200}
        {...bounds}
        aria-describedby={`${id}-why`}
        onChange={({ target }) => onChange(target.value)}
      />
      <p id={`${id}-why`} className="hint">
        {say(why)}
      </p>
    </>
  );
}
