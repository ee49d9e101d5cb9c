import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A site folder as the next release makes it: style and scripts have other names, the old ones stay. The WASM keeps
 * its name, which its script carries inside.
 */
export function nextBuild(old: string, folder: string): void {
  cpSync(old, folder, { recursive: true });
  const path = (name: string) => join(folder, name);
  const text = (name: string) => readFileSync(path(name), 'utf8');
  let description = text('assets.json');
  let worker = text('sw.js');
  const added: string[] = [];
  const { build, js, css, outbox, device } = JSON.parse(description) as Record<string, string>;
  for (const file of [js, css, outbox, device]) {
    const name = file.slice('/pkg/'.length);
    const renamed = name.replace(/\.[0-9a-f]+\./, '.0123456789ab.');
    writeFileSync(path(`pkg/${renamed}`), text(`pkg/${name}`));
    description = description.replaceAll(`/pkg/${name}`, `/pkg/${renamed}`);
    worker = worker.replaceAll(`/pkg/${name}`, `/pkg/${renamed}`);
    added.push(file);
  }
  const changed = JSON.parse(description.replaceAll(build, '0123456789abcdef'));
  changed.files.push(...added.map((path) => ({ path })));
  changed.previous = [{ build, files: added }];
  writeFileSync(path('assets.json'), JSON.stringify(changed));
  writeFileSync(path('sw.js'), worker.replaceAll(build, '0123456789abcdef'));
  for (const file of readdirSync(folder).filter((name) => /^sw\.js\.(br|gz)$/.test(name))) rmSync(path(file));
}
