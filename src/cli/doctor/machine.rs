//! Disk, permissions, open files.

use crate::config::{Config, Limits, Scheme};
use indicatif::HumanBytes;
use service::port::Finding;
use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Room on the disk below which submissions will soon be refused, and below which somebody should look.
const LITTLE: u64 = 100 << 20;
const SOME: u64 = 1 << 30;
/// Fewest characters of a secret.
const SECRET: usize = 32;
/// Who may do nothing with what is private.
const OTHERS: u32 = 0o077;

pub(super) fn checks(config: &Config) -> Vec<Finding> {
    let mut found = Vec::new();
    if config.secret.is_none() {
        found.push(secret(&config.data.join("secret")));
    }
    let database = config.database.path();
    if let Some(file) = database.as_deref().filter(|file| file.is_file()) {
        found.push(private(file, "the database"));
    }
    let folder = database.as_deref().and_then(Path::parent).unwrap_or(&config.data);
    if config.database.scheme() == Scheme::Sqlite || config.secret.is_none() {
        found.push(writable(folder));
    }
    found.push(room(folder));
    found.push(open_files());
    found
}

fn secret(file: &Path) -> Finding {
    match fs::read_to_string(file) {
        Ok(text) if text.trim().chars().count() < SECRET => Finding::fail(
            format!("{} holds less than {SECRET} characters", file.display()),
            "restore it from a copy, or remove it: then cookies and receipt links of before become void",
        ),
        Ok(_) => private(file, "the secret"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Finding::ok(format!("the first start will make a secret in {}", file.display()))
        }
        Err(error) => Finding::fail(
            format!("{} can't be read: {error}", file.display()),
            "run this as the user that the server runs as, or `chown` the file to it",
        ),
    }
}

fn private(file: &Path, what: &str) -> Finding {
    match fs::metadata(file).map(|meta| meta.permissions().mode() & 0o777) {
        Ok(mode) if mode & OTHERS != 0 && !in_private_folder(file) => Finding::warn(
            format!("{what} can be read by others ({} has mode {mode:o})", file.display()),
            format!("`chmod 600 {}`", file.display()),
        ),
        Ok(_) => Finding::ok(format!("{what} can be read by nobody else")),
        Err(error) => Finding::fail(format!("{}: {error}", file.display()), "check who may read it"),
    }
}

/// Whoever may not enter the folder can't read what is in it.
fn in_private_folder(file: &Path) -> bool {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::metadata(folder).is_ok_and(|meta| meta.permissions().mode() & OTHERS == 0)
}

/// Makes an empty file and takes it away again.
fn writable(folder: &Path) -> Finding {
    let folder = existing(folder);
    let probe = folder.join(format!(".allot-doctor-{}", std::process::id()));
    let made = fs::File::create_new(&probe).and_then(|_| fs::remove_file(&probe));
    match made {
        Ok(()) => Finding::ok(format!("{} can be written", folder.display())),
        Err(error) => Finding::fail(
            format!("{} can't be written: {error}", folder.display()),
            "run this as the user that the server runs as, or `chown` the folder to it",
        ),
    }
}

fn room(folder: &Path) -> Finding {
    let folder = existing(folder);
    match rustix::fs::statvfs(&folder) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let what = format!("{} are free for {}", HumanBytes(free), folder.display());
            let advice = "free some: a full disk refuses submissions (docs/operations.md, Archive)";
            match free {
                ..LITTLE => Finding::fail(what, advice),
                LITTLE..SOME => Finding::warn(what, advice),
                _ => Finding::ok(what),
            }
        }
        Err(error) => Finding::warn(format!("the room on the disk of {} is not known: {error}", folder.display()), ""),
    }
}

/// The folder, or what would hold it once it is made.
fn existing(folder: &Path) -> PathBuf {
    let there = folder.ancestors().find(|folder| folder.is_dir());
    there.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn open_files() -> Finding {
    let wanted = Limits::default().connections as u64;
    match rlimit::Resource::NOFILE.get() {
        // The server raises its own limit to what it may.
        Ok((_, most)) if most < wanted => Finding::warn(
            format!("a process may open {most} files, so it takes fewer than {wanted} connections"),
            "raise LimitNOFILE of the service, or `ulimit -Hn`",
        ),
        Ok((_, most)) => Finding::ok(format!("a process may open {most} files")),
        Err(error) => Finding::warn(format!("the limit on open files is not known: {error}"), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::port::Verdict;

    #[test]
    fn a_secret_that_others_can_read_is_warned_of_and_a_damaged_one_fails() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let file = folder.path().join("secret");
        assert_eq!(secret(&file).verdict, Verdict::Ok, "none yet");
        assert!(!file.exists(), "the doctor makes nothing");
        fs::write(&file, "short").unwrap();
        assert_eq!(secret(&file).verdict, Verdict::Fail);
        fs::write(&file, "0123456789abcdef0123456789abcdef").unwrap();
        for (mode, verdict) in [(0o644, Verdict::Warn), (0o640, Verdict::Warn), (0o600, Verdict::Ok)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(secret(&file).verdict, verdict, "{mode:o}");
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(secret(&file).verdict, Verdict::Ok, "nobody else can enter the folder");
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_judged_by_what_will_hold_it() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(existing(&folder.path().join("a/b")), folder.path());
        assert_eq!(writable(&folder.path().join("a/b")).verdict, Verdict::Ok);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "the probe is gone");
    }
}
