use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use super::until;

/// A running command, whose output is read all the time. It is killed when this is dropped.
pub(crate) struct Running {
    child: Child,
    stdout: Option<Reader>,
    stderr: Option<Reader>,
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stdout = child.stdout.take().map(Reader::start);
        let stderr = child.stderr.take().map(Reader::start);
        Self {
            child,
            stdout,
            stderr,
        }
    }

    pub(crate) fn start_with_input(command: &mut Command, input: &str) -> Self {
        let mut running = Self::start(command.stdin(Stdio::piped()));
        let mut stdin = running.child.stdin.take().unwrap();
        let input = input.to_owned();
        // The command may end before it has read everything.
        thread::spawn(move || stdin.write_all(input.as_bytes()));
        running
    }

    /// Starts to read an output that the test created.
    pub(crate) fn read_stdout(&mut self, from: impl Read + Send + 'static) {
        self.stdout = Some(Reader::start(from));
    }

    /// The same for standard error.
    pub(crate) fn read_stderr(&mut self, from: impl Read + Send + 'static) {
        self.stderr = Some(Reader::start(from));
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        // The builtin of the shell, which every machine has.
        let kill = format!("kill -{name} {}", self.id());
        let status = Command::new("sh").args(["-c", &kill]).status();
        assert!(status.unwrap().success());
    }

    pub(crate) fn assert_runs(&mut self) {
        let ended = self.child.try_wait().unwrap();
        assert_eq!(ended, None, "{:?}", self.stderr);
    }

    /// Waits until standard output has this number of lines.
    pub(crate) fn until_told(&self, lines: usize) {
        let stdout = self.stdout.as_ref().unwrap();
        let is_told = |told: &String| told.lines().count() == lines;
        until("lines on standard output", || stdout.text(), is_told);
    }

    /// Waits until standard error contains this text this number of times.
    pub(crate) fn until_said(&self, text: &str, times: usize) {
        let stderr = self.stderr.as_ref().unwrap();
        let is_said = |said: &String| said.matches(text).count() == times;
        until(text, || stderr.text(), is_said);
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Done {
        let look = || (self.child.try_wait().unwrap(), &self.stdout, &self.stderr);
        until("the end of the command", look, |(status, ..)| {
            status.is_some()
        });
        let code = self.child.wait().unwrap().code();
        let text = |reader: Option<Reader>| reader.map_or(String::new(), Reader::end);
        Done {
            code,
            stdout: text(self.stdout.take()),
            stderr: text(self.stderr.take()),
        }
    }

    /// Waits until it can do nothing more by itself.
    #[cfg(target_os = "linux")]
    pub(crate) fn until_at_rest(&self) {
        // The threads are checked one after the other, and one may wake another meanwhile. So wait
        // until two checks agree.
        let mut before = None;
        let look = || {
            let now = asleep(self.id());
            (now.clone(), before.replace(now))
        };
        until("a command at rest", look, |(now, before)| {
            now.is_ok() && Some(now) == before.as_ref()
        });
    }

    /// As well as this system allows.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn until_at_rest(&self) {
        thread::sleep(std::time::Duration::from_secs(1));
    }
}

/// How often each thread of the process has slept, if all sleep and no signal is pending; else what
/// differs.
#[cfg(target_os = "linux")]
fn asleep(process: u32) -> Result<Vec<String>, String> {
    let mut slept = Vec::new();
    for task in std::fs::read_dir(format!("/proc/{process}/task")).unwrap() {
        let status = std::fs::read_to_string(task.unwrap().path().join("status"));
        for line in status.map_err(|error| error.to_string())?.lines() {
            let (name, value) = line.split_once(":\t").unwrap_or((line, ""));
            let awake = match name {
                "State" => !value.starts_with('S'),
                "SigPnd" | "ShdPnd" => value.contains(|digit| digit != '0'),
                "Pid" | "voluntary_ctxt_switches" | "nonvoluntary_ctxt_switches" => {
                    slept.push(line.to_owned());
                    false
                }
                _ => false,
            };
            if awake {
                return Err(line.to_owned());
            }
        }
    }
    Ok(slept)
}

impl Drop for Running {
    fn drop(&mut self) {
        // The command has ended, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Reader {
    text: Arc<Mutex<Vec<u8>>>,
    thread: JoinHandle<()>,
}

impl Reader {
    fn start(mut from: impl Read + Send + 'static) -> Self {
        let text = Arc::default();
        let shared: Arc<Mutex<Vec<u8>>> = Arc::clone(&text);
        let thread = thread::spawn(move || {
            let mut buffer = [0; 4_096];
            // On Linux, reading a terminal that nobody has open is an error.
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                shared.lock().unwrap().extend_from_slice(&buffer[..length]);
            }
        });
        Self { text, thread }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().unwrap()).into_owned()
    }

    fn end(self) -> String {
        let is_finished = || self.thread.is_finished();
        until("the end of an output", is_finished, |ended| *ended);
        self.text()
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text().fmt(f)
    }
}
