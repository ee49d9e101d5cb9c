//! nginx with the configuration that is shipped; only what belongs to one machine is its own.

use crate::program::Connection;
use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

pub(crate) struct Nginx {
    process: Child,
    pub(crate) address: SocketAddr,
    _folder: TempDir,
}

impl Nginx {
    /// In front of these processes.
    pub(crate) fn start(processes: &[SocketAddr]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let configuration = folder.path().join("nginx");
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/nginx");
        fs::create_dir_all(configuration.join("local")).unwrap();
        for file in ["nginx.conf", "allot.conf", "cache.conf", "proxy.conf", "replays.conf"] {
            fs::copy(shipped.join(file), configuration.join(file)).unwrap();
        }
        let local = fs::read_to_string(shipped.join("local/http.conf")).unwrap();
        fs::write(configuration.join("local/http.conf"), of_this_test(&local, processes, folder.path())).unwrap();
        fs::write(configuration.join("local/listen.conf"), format!("listen {address};")).unwrap();
        // Its workers must be able to write there; unless run as root, they are.
        fs::write(configuration.join("local/main.conf"), "user root;").unwrap();
        let prefix = folder.path().to_str().unwrap();
        let process = Command::new("/usr/sbin/nginx")
            .args(["-p", prefix, "-e", &format!("{prefix}/error.log")])
            .arg("-c")
            .arg(configuration.join("nginx.conf"))
            .args(["-g", &format!("pid {prefix}/pid; daemon off;")])
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("nginx is not installed: install Debian's package nginx-light (scripts/setup test does it)");
        let nginx = Self { process, address, _folder: folder };
        nginx.wait();
        nginx
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while Connection::open(self.address).is_err() {
            assert!(Instant::now() < deadline, "nginx does not start");
            std::thread::yield_now();
        }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // In order, so that the workers end with it.
        crate::program::signal(self.process.id(), "TERM");
        let _ = self.process.wait();
    }
}

/// The shipped example with this test's processes and folders.
fn of_this_test(local: &str, processes: &[SocketAddr], folder: &Path) -> String {
    let folder = folder.display();
    let mut text = String::new();
    for line in local.lines() {
        match line.trim().strip_prefix("server 127.0.0.1:").and_then(|server| server.split_once(' ')) {
            // What is said of the first process goes for each of ours.
            Some(("3001", rest)) => processes.iter().for_each(|at| text.push_str(&format!("server {at} {rest}\n"))),
            Some(_) => {}
            None => text.push_str(&format!("{line}\n")),
        }
    }
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        text.push_str(&format!("{kind}_temp_path {folder}/{kind};\n"));
    }
    text.replace("/var/cache/nginx/", &format!("{folder}/"))
        .replace("/var/log/nginx/", &format!("{folder}/"))
        .replace("buffer=64k flush=5s", "")
}
