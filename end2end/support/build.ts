import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An empty custom section `x`: other bytes, and the same program. */
const SECTION = Buffer.from([0, 2, 1, 'x'.charCodeAt(0)]);

/**
 * A site folder as the next release makes it: style, WASM and scripts have other names, the old ones stay. The outbox is
 * as it was: no single file is another one in every release.
 */
export function nextBuild(old: string, folder: string): void {
  cpSync(old, folder, { recursive: true });
  const path = (name: string) => join(folder, name);
  const text = (name: string) => readFileSync(path(name), 'utf8');
  let description = text('assets.json');
  let worker = text('sw.js');
  const added: string[] = [];
  const { build, js, wasm, css, device } = JSON.parse(description) as Record<string, string>;
  const next = (name: string) => name.replace(/\.[0-9a-f]+\./, '.0123456789ab.');
  const program = wasm.slice('/pkg/'.length);
  for (const file of [js, wasm, css, device]) {
    const name = file.slice('/pkg/'.length);
    const renamed = next(name);
    // The page's script has the name of the WASM inside.
    const content = file === wasm ? Buffer.concat([readFileSync(path(`pkg/${name}`)), SECTION]) : text(`pkg/${name}`).replaceAll(program, next(program));
    writeFileSync(path(`pkg/${renamed}`), content);
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
