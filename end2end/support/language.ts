import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

const ROOT = join(__dirname, '../..');

/** The texts of a language, as its files have them: those of one line, with their variables. */
function read(language: Language): Map<string, string> {
  const folder = join(ROOT, 'app/locales', language);
  const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
  return new Map(lines.flatMap((line) => [...line.matchAll(/^([a-z][a-z0-9-]*) = (.+)$/g)].map(([, key, text]) => [key, text])));
}

const TEXTS: Record<Language, Map<string, string>> = { en: read('en'), es: read('es') };

/** A text of the site, as it says it. */
export function say(language: Language, key: string, variables: Record<string, string | number> = {}): string {
  const text = TEXTS[language].get(key);
  if (text === undefined) throw new Error(`no text ${key} in ${language}`);
  return text
    .replace(/\{ \$(\w+) \}/g, (_, name: string) => String(variables[name] ?? `{${name}}`))
    .replace(/\{"\\u([0-9A-F]{4})"\}/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** A share as the site writes it: `12.5%`. */
export function percent(language: Language, share: string): string {
  return say(language, 'percent', { number: language === 'es' ? share.replace('.', ',') : share });
}

/** What an area of the shipped budgets is called, from its English name. */
export function area(language: Language, name: string): string {
  if (language === 'en') return name;
  for (const file of readdirSync(join(ROOT, 'budgets')).filter((file) => file.endsWith('.toml'))) {
    const toml = readFileSync(join(ROOT, 'budgets', file), 'utf8');
    const slug = new RegExp(`slug = "([^"]+)"\\nname = "${escaped(name)}"`).exec(toml)?.[1];
    const translated = slug && new RegExp(`\\[translations\\.${language}\\.categories\\.${slug}\\]\\nname = "([^"]+)"`).exec(toml)?.[1];
    if (translated) return translated;
  }
  throw new Error(`no area ${name} in ${language}`);
}

/** What addresses of a language begin with. English is tested at the neutral ones. */
export const prefix = (language: Language): string => (language === 'en' ? '' : `/${language}`);

/** Text, to be found literally by a regular expression. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
