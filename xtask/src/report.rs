//! The sizes that a release is judged by.

use crate::assets::Entrypoints;
use crate::offline;
use crate::site::{File, Site};

/// Prints the size of every file under `pkg/` and of the worker, and what the allocate page loads of script and wasm.
pub(crate) fn print(site: &Site, entrypoints: &Entrypoints) {
    println!("{:<32} {:>9} {:>9} {:>9}", "bytes", "plain", "gzip", "br");
    let mut loaded = (0, 0, 0);
    for (path, file) in site.files().filter(|(path, _)| path.starts_with("pkg/") || *path == offline::WORKER) {
        let sizes = sizes(file);
        line(path, sizes);
        if [&entrypoints.js, &entrypoints.wasm, &entrypoints.outbox]
            .iter()
            .any(|own| own.trim_start_matches('/') == path)
        {
            loaded = (loaded.0 + sizes.0, loaded.1 + sizes.1, loaded.2 + sizes.2);
        }
    }
    line("script and wasm of allocate", loaded);
}

fn line(name: &str, (plain, gzip, br): (usize, usize, usize)) {
    println!("{name:<32} {plain:>9} {gzip:>9} {br:>9}");
}

fn sizes(file: &File) -> (usize, usize, usize) {
    let plain = file.content.len();
    let size = |encoded: &Option<Vec<u8>>| encoded.as_ref().map_or(plain, Vec::len);
    (plain, size(&file.compressed.gz), size(&file.compressed.br))
}
