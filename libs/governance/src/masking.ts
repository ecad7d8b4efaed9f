import { HuitongError } from '@huitong/change-event';

/** A field of a person's data as people see it: that it says something, and what it says only to those who may read it. */
export interface ShownField {
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly isSet: boolean;
  readonly value: string | null;
  /** What the value is called in its code list, in Chinese, as the lists are. */
  readonly meaning?: string | undefined;
}

/** Whether a role may see values at all, where it says what for; all others see what is masked. */
export const maySee = (role: string): boolean => role === 'steward';

/** NOT_PERMITTED for a role that sees no values; `what` completes the English sentence. */
export function checkMaySee(role: string, what: string): void {
  if (!maySee(role))
    throw new HuitongError('NOT_PERMITTED', `只有数据管理员可以查看内容 / only a steward may see ${what}`);
}

/** A field with its value, as text that people read; to be sent only through {@link shownTo}. */
export const fieldOf = (name: string, title: ShownField['title'], value: unknown): ShownField => ({
  name,
  title,
  isSet: value !== null && value !== undefined,
  value: textOf(value),
});

/** The one masking: fields as they leave, with values for those who may read them and for nobody else. */
export const shownTo = <Field extends Pick<ShownField, 'value' | 'meaning'>>(
  mayRead: boolean,
  fields: readonly Field[],
): readonly Field[] => (mayRead ? fields : fields.map((field) => ({ ...field, value: null, meaning: undefined })));

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
