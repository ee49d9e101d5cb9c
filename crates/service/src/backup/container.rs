//! The archive: `allot.sqlite.gz`, perhaps `secret`, `manifest.json`, `SHA256SUMS`.
//!
//! The sums come last, in the form that `sha256sum --check` reads, and cover everything before them.

use super::{
    BackupError,
    checksum::{self, Summed},
    manifest::{DatabaseInside, FORMAT, Manifest},
};
use domain::Timestamp;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, BufReader, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};
use tar::{Archive, Builder, Entry, Header};

const DATABASE: &str = "allot.sqlite.gz";
const SECRET: &str = "secret";
const MANIFEST: &str = "manifest.json";
const SUMS: &str = "SHA256SUMS";

/// Higher levels take several times as long for some percent: ids and points are mostly random.
const LEVEL: Compression = Compression::fast();
/// Bytes of anything in the archive but the database.
const SMALL: u64 = 1 << 20;
/// Bytes that are moved at once.
const CHUNK: usize = 256 * 1024;

/// A new file that only its owner reads.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
}

fn header(at: Timestamp, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(u64::try_from(at.as_millis() / 1000).unwrap_or_default());
    header.set_size(size);
    header
}

/// Writes a new archive around the database, and answers the manifest with what is known only then. `passed` gets
/// the bytes that are compressed so far.
pub(super) fn write(
    database: &Path,
    target: &Path,
    manifest: Manifest,
    secret: Option<&[u8]>,
    passed: &AtomicU64,
) -> Result<Manifest, BackupError> {
    let mut from = File::open(database).map_err(BackupError::io(database))?;
    let done = pack(&mut from, target, manifest, secret, passed);
    done.map_err(BackupError::io(target))
}

fn pack(
    from: &mut File,
    target: &Path,
    mut manifest: Manifest,
    secret: Option<&[u8]>,
    passed: &AtomicU64,
) -> io::Result<Manifest> {
    let at = manifest.created_us;
    let mut archive = Builder::new(private_file(target)?);
    let mut head = header(at, 0);
    let mut gzip = GzEncoder::new(Summed::new(archive.append_writer(&mut head, DATABASE)?), LEVEL);
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        gzip.write_all(&buffer[..read])?;
        passed.fetch_add(read as u64, Ordering::Relaxed);
    }
    let (entry, sha256, compressed_bytes) = gzip.finish()?.finish();
    entry.finish()?;
    manifest.database =
        DatabaseInside { bytes: passed.load(Ordering::Relaxed), compressed_bytes, sha256: sha256.clone() };
    let mut sums = format!("{sha256}  {DATABASE}\n");
    let mut small = |archive: &mut Builder<File>, name: &str, bytes: &[u8]| {
        sums.push_str(&format!("{}  {name}\n", checksum::of(bytes)));
        archive.append_data(&mut header(at, bytes.len() as u64), name, bytes)
    };
    if let Some(secret) = secret {
        small(&mut archive, SECRET, secret)?;
    }
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(io::Error::other)?;
    text.push(b'\n');
    small(&mut archive, MANIFEST, &text)?;
    archive.append_data(&mut header(at, sums.len() as u64), SUMS, sums.as_bytes())?;
    archive.into_inner()?.sync_all()?;
    Ok(manifest)
}

/// Reads the manifest without the database before it; nothing is compared.
pub(super) fn manifest(path: &Path) -> Result<Manifest, BackupError> {
    let file = File::open(path).map_err(BackupError::io(path))?;
    let found = (|| {
        for entry in Archive::new(BufReader::new(file)).entries_with_seek()? {
            let mut entry = entry?;
            if name(&entry)? == MANIFEST {
                return small(&mut entry).map(Some);
            }
        }
        Ok(None)
    })();
    let bytes = found.map_err(|error: io::Error| BackupError::damaged(path, error.to_string()))?;
    parse(path, &bytes.ok_or_else(|| BackupError::damaged(path, "it has no manifest"))?)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Manifest, BackupError> {
    /// All that is sure of other formats.
    #[derive(serde::Deserialize)]
    struct Format {
        format: u32,
    }
    let wrong = |error: serde_json::Error| BackupError::damaged(path, format!("its manifest: {error}"));
    let Format { format } = serde_json::from_slice(bytes).map_err(wrong)?;
    if format != FORMAT {
        return Err(BackupError::Newer(path.display().to_string(), format));
    }
    serde_json::from_slice(bytes).map_err(wrong)
}

/// Takes everything out, the database to a new file, and compares all checksums.
pub(super) fn read(path: &Path, database: &Path) -> Result<(Manifest, Option<Vec<u8>>), BackupError> {
    let file = File::open(path).map_err(BackupError::io(path))?;
    let mut to = private_file(database).map_err(BackupError::io(database))?;
    let damaged = |what: String| BackupError::damaged(path, what);
    let (sums, mut rest) = unpack(file, &mut to).map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::PermissionDenied => BackupError::io(database)(error),
        _ => damaged(error.to_string()),
    })?;
    let told = rest.remove(SUMS).ok_or_else(|| damaged(format!("{SUMS} is missing")))?;
    let told = String::from_utf8_lossy(&told);
    let told: BTreeMap<&str, &str> =
        told.lines().filter_map(|line| line.split_once("  ")).map(|(sum, name)| (name, sum)).collect();
    for (name, sum) in &sums {
        if told.get(name.as_str()) != Some(&sum.as_str()) {
            return Err(damaged(format!("{name} is not what was written: its checksum is {sum}")));
        }
    }
    for name in told.keys().chain(&[DATABASE, MANIFEST]) {
        if !sums.contains_key(*name) {
            return Err(damaged(format!("{name} is missing")));
        }
    }
    let manifest = parse(path, &rest.remove(MANIFEST).unwrap_or_default())?;
    if sums.get(DATABASE) != Some(&manifest.database.sha256) {
        return Err(damaged(format!("{DATABASE} is not the one that the manifest describes")));
    }
    Ok((manifest, rest.remove(SECRET)))
}

type Unpacked = (BTreeMap<String, String>, BTreeMap<String, Vec<u8>>);

/// The checksums of all but the sums, and the contents of all but the database.
fn unpack(file: File, to: &mut File) -> io::Result<Unpacked> {
    let (mut sums, mut rest) = (BTreeMap::new(), BTreeMap::new());
    for entry in Archive::new(BufReader::with_capacity(CHUNK, file)).entries()? {
        let mut entry = entry?;
        let name = name(&entry)?;
        let sum = match name.as_str() {
            DATABASE => {
                let mut gzip = GzDecoder::new(Summed::new(entry));
                io::copy(&mut gzip, to)?;
                let mut compressed = gzip.into_inner();
                // What follows the compressed stream belongs to the checksum, too.
                io::copy(&mut compressed, &mut io::sink())?;
                compressed.finish().1
            }
            SECRET | MANIFEST | SUMS => {
                let bytes = small(&mut entry)?;
                let sum = checksum::of(&bytes);
                rest.insert(name.clone(), bytes);
                sum
            }
            _ => return Err(io::Error::other(format!("{name:?} does not belong there"))),
        };
        if name != SUMS && sums.insert(name.clone(), sum).is_some() {
            return Err(io::Error::other(format!("{name} is there twice")));
        }
    }
    to.sync_all()?;
    Ok((sums, rest))
}

fn name<R: Read>(entry: &Entry<'_, R>) -> io::Result<String> {
    Ok(entry.path()?.to_string_lossy().into_owned())
}

fn small<R: Read>(entry: &mut Entry<'_, R>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if entry.take(SMALL + 1).read_to_end(&mut bytes)? as u64 > SMALL {
        return Err(io::Error::other("a small part of it is too long"));
    }
    Ok(bytes)
}
