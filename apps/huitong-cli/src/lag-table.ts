/** One column: its heading in both languages, and whether it holds numbers. */
export interface Column {
  readonly zh: string;
  readonly en: string;
  readonly right?: boolean;
}

/** Characters that a terminal draws two cells wide: CJK, its punctuation and full-width forms. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

const widthOf = (text: string): number => text.length + (text.match(wide)?.length ?? 0);

/** A table for a terminal, with a Chinese and an English heading line; ends with a line break. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ zh }) => zh), columns.map(({ en }) => en), ...rows];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => widthOf(line[at] ?? ''))));
  const cell = (text: string, at: number): string => {
    const space = ' '.repeat(widths[at]! - widthOf(text));
    return columns[at]!.right ? space + text : text + space;
  };
  return lines
    .map(
      (line) =>
        `${columns
          .map((_, at) => cell(line[at] ?? '', at))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** A clock time of today, or the date as well where it is of another day; in local time. */
export function shortTime(instant: string | null): string {
  if (instant === null) return '-';
  const at = new Date(instant);
  const time = at.toLocaleTimeString('sv-SE');
  return at.toDateString() === new Date().toDateString() ? time : `${at.toLocaleDateString('sv-SE')} ${time}`;
}
