//! `allot backup create|list|verify|restore|renew`

use super::{aggregates, failure::Failure, moving, output};
use crate::{
    backups::{self, MakeError},
    config::Config,
    start,
};
use clap::Subcommand;
use indicatif::ProgressBar;
use serde_json::{Value, json};
use service::{
    audit::Verification,
    backup::{self, BackupError, Listed, Manifest, Opened, Restored, Step, Verified},
    moving::copy::CopyError,
    port::{Clock, SystemClock, Transfer},
    repeated,
};
use std::{
    fmt::Write,
    fs::OpenOptions,
    io::Write as _,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};
use store_sqlite::SqliteFiles;

/// Make backups, look at them, and restore one
#[derive(Subcommand)]
pub(super) enum Backup {
    /// Write everything of the database into one file, while the servers run
    ///
    /// Every submission that was acknowledged before the command began is inside, and the totals are what the
    /// submissions say. The backup of either kind of database can be restored into either kind. It is checked before
    /// it gets its name; its owner alone may read it. The server's secret is not inside: keep a copy of it apart.
    #[command(after_help = "Example:\n  allot backup create --keep 14")]
    Create {
        /// The folder for backups [env: ALLOT_BACKUPS] [default: backups in the data folder]
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
        /// Remove old ones but for the newest N, this one included [env: ALLOT_BACKUPS_KEEP] [default: all stay]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
        keep: Option<u32>,
        /// Put the server's secret inside, too: whoever reads the backup can then sign as this server
        #[arg(long)]
        with_secret: bool,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// List the backups in a folder, newest first
    #[command(after_help = "Example:\n  allot backup list --folder /mnt/backups")]
    List {
        /// The folder for backups [env: ALLOT_BACKUPS] [default: backups in the data folder]
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Prove that a backup is whole; exit code 1 when it is not
    ///
    /// Compares its checksums, opens the database inside, adds every submission up anew, and compares the sums with the
    /// totals inside and with the manifest.
    #[command(after_help = "Example:\n  allot backup verify data/backups/allot-20261121T154500Z.tar")]
    Verify {
        /// The backup [default: the newest in the folder for backups]
        file: Option<PathBuf>,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Make an empty database what a backup holds
    ///
    /// The target is DATABASE_URL, or --database-url. It must be empty: no server may have used it, not even started on
    /// it. Stop the servers, move the old database aside, and name it in --tombstones-from: what people have deleted
    /// since the backup was made is then deleted in the restored database, too. The restored database is another
    /// instance with newer versions, so nothing that Redis, browsers or proxies remember is mistaken for it.
    ///
    /// At the end every total is compared with the submissions; exit code 1 when they differ.
    #[command(after_help = "Example:\n  mkdir aside && mv data/allot.sqlite* aside/\n  \
                            allot backup restore data/backups/allot-20261121T154500Z.tar \
                            --tombstones-from sqlite:aside/allot.sqlite")]
    Restore {
        /// The backup
        file: PathBuf,
        /// A database, or a newer backup, that knows what was deleted since; may be given several times
        #[arg(long, value_name = "URL|FILE")]
        tombstones_from: Vec<String>,
        /// Write the secret that the backup holds to the data folder, which must have none
        #[arg(long)]
        with_secret: bool,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Tell Allot that the database was set back by other means than `allot backup restore`
    ///
    /// After a point in time was restored, or a file copied back, and before the first server starts: gives the
    /// database a new instance id, so that what Redis remembers of the lost time is forgotten, and newer versions.
    #[command(after_help = "Example:\n  allot backup renew --database-url postgres://allot@localhost/allot")]
    Renew,
}

pub(super) async fn execute(mut config: Config, command: Backup) -> Result<ExitCode, Failure> {
    match command {
        Backup::Create { folder, keep, with_secret, json } => {
            config.backups = folder.unwrap_or(config.backups);
            config.backups_keep = keep.map(|keep| keep as usize).or(config.backups_keep);
            create(&config, with_secret, json).await
        }
        Backup::List { folder, json } => list(&folder.unwrap_or(config.backups), json),
        Backup::Verify { file, json } => verify(&config, file, json).await,
        Backup::Restore { file, tombstones_from, with_secret, json } => {
            restore(&config, &file, &tombstones_from, with_secret, json).await
        }
        Backup::Renew => renew(&config).await,
    }
}

/// Shows what is done now.
fn show(bar: &ProgressBar, step: Step) {
    let (message, position, length) = match step {
        Step::Reading => ("reading", 0, None),
        Step::Copying(passed, all) => ("copying", passed, Some(all)),
        Step::Checking(rows) => ("checking", rows, None),
        Step::Packing(bytes, all) => ("packing", bytes, Some(all)),
        Step::Deleting(deletions) => ("deleting", deletions, None),
    };
    if bar.message() != message {
        bar.set_message(message);
    }
    bar.set_length(length.unwrap_or(position));
    bar.set_position(position);
}

async fn create(config: &Config, with_secret: bool, json: bool) -> Result<ExitCode, Failure> {
    moving::must_exist(&config.database)?;
    let bar = output::bar(0, "reading");
    let made = backups::create(config, with_secret, &|step| show(&bar, step)).await;
    bar.finish_and_clear();
    let made = made?;
    if json {
        let removed: Vec<_> = made.removed.iter().map(|path| path.display().to_string()).collect();
        let made = json!({
            "file": made.path.display().to_string(), "bytes": made.bytes, "removed": removed, "manifest": made.manifest
        });
        output::result(&format!("{made:#}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let manifest = &made.manifest;
    // The file stands alone on the first line.
    let mut text = format!("{}\n", made.path.display());
    let _ = writeln!(
        text,
        "{} submissions of {} budgets, {} of {}",
        manifest.submissions,
        manifest.budgets.len(),
        size(made.bytes),
        size(manifest.database.bytes)
    );
    text.push_str(if manifest.secret {
        "The secret is inside: whoever reads this file can sign as this server.\n"
    } else {
        "The secret is not inside: keep a copy of it apart.\n"
    });
    if !manifest.exact {
        text.push_str("The totals of the database differ from its submissions: run `allot aggregates rebuild`.\n");
    }
    for path in &made.removed {
        let _ = writeln!(text, "removed {}", path.display());
    }
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn list(folder: &Path, json: bool) -> Result<ExitCode, Failure> {
    let listed = backup::list(folder)?;
    if json {
        let rows: Vec<_> = listed.iter().map(as_json).collect();
        output::result(&format!("{:#}", json!(rows)))?;
        return Ok(ExitCode::SUCCESS);
    }
    if listed.is_empty() {
        output::result(&format!("no backups in {}; `allot backup create` makes one", folder.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = format!(
        "{:<24} {:>9} {:>10} {:>12}  {:<9} {:<8} file\n",
        "created", "age", "size", "submissions", "from", "allot"
    );
    for one in &listed {
        let file = one.path.file_name().unwrap_or_default().to_string_lossy();
        let _ = match &one.manifest {
            Ok(manifest) => writeln!(
                text,
                "{:<24} {:>9} {:>10} {:>12}  {:<9} {:<8} {file}{}",
                manifest.created,
                age(manifest),
                size(one.bytes),
                manifest.submissions,
                manifest.store,
                manifest.allot,
                if manifest.secret { " (holds the secret)" } else { "" }
            ),
            Err(error) => writeln!(text, "{:<24} {:>9} {:>10}  {error}", "unreadable", "", size(one.bytes)),
        };
    }
    output::result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn as_json(one: &Listed) -> Value {
    let file = one.path.display().to_string();
    match &one.manifest {
        Ok(manifest) => json!({
            "file": file, "bytes": one.bytes, "age_seconds": age_seconds(manifest), "manifest": manifest
        }),
        Err(error) => json!({ "file": file, "bytes": one.bytes, "error": error.to_string() }),
    }
}

fn age_seconds(manifest: &Manifest) -> i64 {
    (SystemClock.now().as_micros() - manifest.created_us.as_micros()) / 1_000_000
}

fn age(manifest: &Manifest) -> String {
    match age_seconds(manifest).max(0) {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ ..7200 => format!("{} min", seconds / 60),
        seconds @ ..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        ..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        1_048_576..1_073_741_824 => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
        _ => format!("{:.2} GiB", bytes as f64 / 1_073_741_824.0),
    }
}

async fn verify(config: &Config, file: Option<PathBuf>, json: bool) -> Result<ExitCode, Failure> {
    let file = match file {
        Some(file) => file,
        None => backup::list(&config.backups)?.into_iter().next().map(|newest| newest.path).ok_or_else(|| {
            Failure::new(format!("no backups in {}", config.backups.display()), "`allot backup create` makes one")
        })?,
    };
    let bar = output::bar(0, "reading");
    let opened = Opened::open(&SqliteFiles, &file).await?;
    let verified = backup::verify(&opened, &|step| show(&bar, step)).await?;
    bar.finish_and_clear();
    if json {
        output::json(&json!({
            "file": file.display().to_string(), "right": verified.is_right(), "wrong": verified.wrong,
            "budgets": budgets(&verified.found), "manifest": verified.manifest
        }))?;
    } else {
        output::result(&findings(&file, &verified))?;
    }
    if verified.is_right() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new(format!("{} is not what it should be", file.display()), "keep it, and make a new backup"))
}

fn findings(file: &Path, verified: &Verified) -> String {
    let mut text = format!(
        "{}: of {}, {} submissions, checksums right\n",
        file.display(),
        verified.manifest.created,
        verified.manifest.submissions
    );
    for verification in &verified.found {
        aggregates::describe(&mut text, verification);
    }
    for wrong in &verified.wrong {
        let _ = writeln!(text, "  {wrong}");
    }
    if !verified.manifest.exact {
        text.push_str("  the totals of the database differed from its submissions when this backup was made\n");
    }
    text
}

fn budgets(found: &[Verification]) -> Value {
    Value::from_iter(found.iter().map(aggregates::as_json))
}

/// What knows of deletions; a backup stays open as long as it is read.
enum Knowing {
    Database(Arc<dyn Transfer>),
    Backup(Box<Opened>),
}

impl Knowing {
    async fn open(config: &Config, text: &str) -> Result<Self, Failure> {
        if Path::new(text).is_file() {
            return Ok(Self::Backup(Box::new(Opened::open(&SqliteFiles, Path::new(text)).await?)));
        }
        let database = moving::database(text, "--tombstones-from")?;
        moving::must_exist(&database)?;
        let store = start::open(&database, &config.connections).await;
        store.map(Self::Database).map_err(|error| Failure::of_database(&database, error))
    }

    fn store(&self) -> Arc<dyn Transfer> {
        match self {
            Self::Database(store) => Arc::clone(store),
            Self::Backup(opened) => Arc::clone(&opened.store),
        }
    }
}

async fn restore(
    config: &Config,
    file: &Path,
    tombstones_from: &[String],
    with_secret: bool,
    json: bool,
) -> Result<ExitCode, Failure> {
    let bar = output::bar(0, "reading");
    let opened = Opened::open(&SqliteFiles, file).await?;
    let mut knowing = Vec::new();
    for text in tombstones_from {
        knowing.push(Knowing::open(config, text).await?);
    }
    if with_secret {
        put_secret(config, &opened)?;
    }
    let target = start::open(&config.database, &config.connections).await?;
    let deletions: Vec<_> = knowing.iter().map(Knowing::store).collect();
    let restored = backup::restore(&opened, &target, &deletions, &SystemClock, &|step| show(&bar, step)).await;
    bar.finish_and_clear();
    let restored = restored?;
    let knows = !tombstones_from.is_empty();
    if json {
        output::json(&json!({
            "database": config.database.to_string(), "file": opened.path.display().to_string(),
            "submissions": restored.submissions, "deleted_again": knows.then_some(restored.deleted_again),
            "forgets_deletions": restored.forgets_deletions, "instance": restored.instance,
            "budgets": budgets(&restored.found), "manifest": opened.manifest
        }))?;
    } else {
        output::result(&report(config, &opened, &restored, knows))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn report(config: &Config, opened: &Opened, restored: &Restored, knows: bool) -> String {
    let (file, manifest) = (opened.path.display(), &opened.manifest);
    let mut text = format!(
        "{}: restored {} submissions from {file}, which has everything until {}\n",
        config.database, restored.submissions, manifest.created
    );
    for verification in &restored.found {
        aggregates::describe(&mut text, verification);
    }
    if knows {
        let _ = writeln!(text, "{} deletions since then were made again", restored.deleted_again);
    } else {
        text.push_str("What was deleted since then is here again: --tombstones-from would have told what that is.\n");
    }
    if restored.forgets_deletions {
        text.push_str(
            "The backup is older than 92 days: deletions are remembered no longer than that, so some may be undone.\n",
        );
    }
    if !manifest.exact {
        text.push_str("The totals were wrong when the backup was made, and are right now.\n");
    }
    let _ = writeln!(text, "Its instance id is new: {}", restored.instance);
    text.push_str("Start the servers with the ALLOT_SECRET that they had: cookies and links depend on it.\n");
    text
}

fn put_secret(config: &Config, opened: &Opened) -> Result<(), Failure> {
    let Some(secret) = &opened.secret else {
        return Err(Failure::new(
            format!("{} does not hold the secret", opened.path.display()),
            "leave --with-secret out, and give the servers the ALLOT_SECRET that they had",
        ));
    };
    let path = config.data.join("secret");
    let name = path.display().to_string();
    std::fs::create_dir_all(&config.data).map_err(Failure::io(&name))?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let mut file = match file {
        // Of a run of this command that was stopped.
        Err(error)
            if error.kind() == std::io::ErrorKind::AlreadyExists
                && std::fs::read(&path).is_ok_and(|there| there.trim_ascii() == secret.trim_ascii()) =>
        {
            return Ok(());
        }
        file => file.map_err(Failure::io(&name))?,
    };
    file.write_all(secret)
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .map_err(Failure::io(&name))
}

async fn renew(config: &Config) -> Result<ExitCode, Failure> {
    moving::must_exist(&config.database)?;
    let store = start::open(&config.database, &config.connections).await?;
    let instance = repeated(|| store.renew_instance(SystemClock.now())).await?;
    output::result(&format!("{}: its instance id is now {instance}", config.database))?;
    Ok(ExitCode::SUCCESS)
}

impl From<MakeError> for Failure {
    fn from(error: MakeError) -> Self {
        match error {
            MakeError::Start(error) => error.into(),
            MakeError::Backup(error) => error.into(),
        }
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let hint = match error {
            BackupError::Store(error) => return error.into(),
            BackupError::Copy(CopyError::NotEmpty | CopyError::InUse(_) | CopyError::OtherSource) => {
                "restore into an empty database: move the old one aside; a new file, or one made with `createdb`"
            }
            BackupError::Copy(_) => "what was copied stays: run the same command again, and it goes on",
            BackupError::Io(..) => "check the path, its owner, and the free space of the disk",
            BackupError::Damaged(..) => {
                "use another backup: `allot backup list` shows them, `allot backup verify` checks one"
            }
            BackupError::Newer(..) => "use the version of Allot that made it, or a newer one",
            BackupError::Busy(_) => "wait until it is done",
            BackupError::NotExact => "this must not happen: keep both databases, and report it",
        };
        Self::new(error.to_string(), hint)
    }
}
