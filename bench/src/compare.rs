//! `bench compare`: runs scenarios one after the other and tells what they measured.

use crate::{
    cli::CompareOptions,
    clock, interrupt,
    machine::Machine,
    pin::Cores,
    report::{self, Results},
    scenario::{self, Context, Scenario},
};
use anyhow::{Context as _, Result, bail, ensure};
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// Load of the machine above which a run comes with a warning.
const BUSY: f64 = 0.5;

pub(crate) fn run(options: &CompareOptions) -> Result<()> {
    let chosen = choose(&options.rows)?;
    let own = env::current_exe()?;
    let beside = own.parent().context("this program lies in a folder")?;
    let scratch = options.scratch.clone().unwrap_or_else(|| beside.with_file_name("bench"));
    fs::create_dir_all(&scratch)?;
    let scratch = scratch.canonicalize()?;
    let machine = Machine::look(&scratch)?;
    if !machine.has_durable_files() {
        bail!("{} is on {}: choose --scratch on a disk", scratch.display(), machine.filesystem);
    }
    let allot = executable(options.allot.clone().unwrap_or_else(|| beside.join("allot")))?;
    let bare = executable(beside.join("bench-bare"))?;
    let cores = Cores::choose()?;
    let load = Machine::load()?;
    if load > BUSY {
        eprintln!("bench: the machine is busy (load {load}): rates and latencies say little, ratios somewhat more");
    }
    let mut all = Vec::new();
    for scenario in chosen {
        interrupt::check()?;
        let started = Instant::now();
        eprintln!("{}: {}", scenario.name, scenario.about);
        // Removed after every scenario, also after a failed or interrupted one.
        let folder = tempfile::Builder::new().prefix(scenario.name).tempdir_in(&scratch)?;
        let context =
            Context { allot: &allot, bare: &bare, scratch: folder.path(), scale: scenario::Scale::of(options), cores };
        let rows = (scenario.run)(&context).with_context(|| scenario.name)?;
        eprintln!("  {:.0} s", started.elapsed().as_secs_f64());
        let results = Results {
            scenario: scenario.name.to_owned(),
            date: clock::today(),
            quick: options.quick,
            machine: machine.clone(),
            rows: rows.clone(),
        };
        report::write(&options.results, &results)?;
        all.extend(rows);
    }
    report::print(&all);
    report::write_overview(&options.results, scenario::ALL.iter().map(|scenario| scenario.name))
}

fn choose(names: &[String]) -> Result<Vec<&'static Scenario>> {
    if names.is_empty() {
        return Ok(scenario::ALL.iter().collect());
    }
    let find = |name: &String| {
        let found = scenario::ALL.iter().find(|scenario| scenario.name == name.as_str());
        found.with_context(|| format!("no row is called `{name}`: see `bench list`"))
    };
    names.iter().map(find).collect()
}

fn executable(path: PathBuf) -> Result<PathBuf> {
    ensure!(Path::is_file(&path), "{} isn't there: `scripts/bench` builds it", path.display());
    Ok(path.canonicalize()?)
}
