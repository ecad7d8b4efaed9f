import { HuitongError } from '@huitong/change-event';
import { z } from 'zod';

/** What an app can be told by its environment: whose settings these are, and their declarations. */
export interface Settings {
  readonly of: { readonly zh: string; readonly en: string };
  readonly schemas: readonly z.ZodObject<Readonly<Record<string, z.ZodType>>>[];
}

const headings = {
  en: { columns: ['setting', 'default', 'of', 'meaning'], everyone: 'all services', none: 'none', comma: ', ' },
  zh: { columns: ['设置', '默认', '用途', '含义'], everyone: '全部服务', none: '无', comma: '、' },
} as const;

/**
 * The table of all settings in Markdown for the READMEs, one row each, in the order of their declarations, which describe
 * themselves as `中文 / English`. CONFIG_INVALID where one does not.
 */
export function settingsTable(apps: readonly Settings[], language: keyof typeof headings): string {
  const { columns, everyone, none, comma } = headings[language];
  const rows = new Map<string, { fallback: string; meaning: string; of: string[] }>();
  for (const { of, schemas } of apps)
    for (const [name, setting] of schemas.flatMap((schema) => Object.entries(schema.shape))) {
      const known = rows.get(name);
      if (known) known.of.push(of[language]);
      else
        rows.set(name, {
          fallback: defaultOf(setting) ?? none,
          meaning: meaningOf(name, setting)[language],
          of: [of[language]],
        });
    }
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...[...rows].map(([name, { fallback, of, meaning }]) =>
      line([`\`${name}\``, fallback, of.length === apps.length ? everyone : of.join(comma), meaning]),
    ),
  ].join('\n');
}

function defaultOf(setting: z.ZodType): string | undefined {
  const { default: fallback } = z.toJSONSchema(setting, { io: 'input', unrepresentable: 'any' }) as {
    default?: string | number;
  };
  return fallback === undefined ? undefined : `\`${fallback}\``;
}

function meaningOf(name: string, setting: z.ZodType): { zh: string; en: string } {
  const [zh, en] = setting.description?.split(' / ') ?? [];
  if (!zh || !en)
    throw new HuitongError('CONFIG_INVALID', 'describing a setting in other than two languages', { context: { name } });
  return { zh, en };
}
