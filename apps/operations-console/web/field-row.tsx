import type { ShownField } from '../src/contract.ts';
import { useSurroundings } from './surroundings.tsx';

/** A field of an event and what it says: a code with its name from the code list; masked, only whether it says anything. */
export function FieldRow({ field, isWrong = false }: { field: ShownField; isWrong?: boolean }) {
  const { say, language } = useSurroundings();
  const { name, title, isSet, value, meaning } = field;
  return (
    <tr className={isWrong ? 'wrong' : undefined}>
      <th scope="row" title={name}>
        {title[language]}
      </th>
      <td className="value">
        {value ?? (isSet ? `${say('isSet')} · ${say('masked')}` : say('isEmpty'))}
        {meaning && <span lang="zh-CN"> {meaning}</span>}
      </td>
    </tr>
  );
}
