//! Shares one pace between machines that use the same API key, with Redis.
//!
//! A script in Redis counts the requests of all machines in the last minute. If Redis goes away, each process
//! waits until the requests of the others no longer count. From then on it uses its own half of the limit, evenly,
//! and pauses if the API refuses a request, until it is restarted. This keeps the limit only if Redis goes away for
//! all: restart all processes when it is back.
//!
//! `REDIS_URL=redis://127.0.0.1 cargo run --example fleet_pace` starts two processes that create invites in a
//! sandbox whose clock is fast. Use [`FleetPace`] with a window of a minute for the real API.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::HashSet;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use factify::sandbox::{Persona, Sandbox, SandboxServer};
use factify::{
    AttemptReport, ClientConfig, Observer, OrganizationId, Pace, PacedAttempt, PacedRequest,
};
use factify_examples::{Failure, exit};
use http::StatusCode;

/// Counts a request if fewer than `ARGV[1]` were counted in the last `ARGV[2]` milliseconds. Returns how many
/// milliseconds to wait otherwise.
const SCRIPT: &str = r"
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local window = tonumber(ARGV[2])
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
    local count = redis.call('ZCARD', KEYS[1])
    if count >= tonumber(ARGV[1]) then
        local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
        return first[2] + window + 1 - now
    end
    redis.call('ZADD', KEYS[1], now, time[1] .. '.' .. time[2] .. '.' .. count)
    redis.call('PEXPIRE', KEYS[1], window + 1000)
    return 0";

/// The longest time to wait for Redis.
const PATIENCE: Duration = Duration::from_millis(500);

/// A pace for all machines that use the same Redis and the same name.
#[derive(Clone)]
struct FleetPace {
    name: String,
    /// The time over which the API counts: a minute, and a little more because a request needs some time to
    /// arrive. The clock of a sandbox may be faster.
    window: Duration,
    state: Arc<Mutex<State>>,
}

enum State {
    Redis(redis::Connection),
    /// Redis has gone away.
    Alone(Half),
}

/// What a process may send alone.
struct Half {
    next_creation: Duration,
    next_other: Duration,
    /// The requests that wait for a time of their own.
    planned: HashSet<u64>,
}

impl Half {
    fn next(&mut self, is_creation: bool) -> &mut Duration {
        if is_creation {
            &mut self.next_creation
        } else {
            &mut self.next_other
        }
    }
}

/// The name and the limit of creations. Creations count as requests too, so they have a part of that limit.
const CREATIONS: (&str, u32) = ("creations", 100);
const OTHERS: (&str, u32) = ("others", 900);

impl FleetPace {
    fn connect(url: &str, name: &str, speed: u32) -> redis::RedisResult<Self> {
        let connection = redis::Client::open(url)?.get_connection_with_timeout(PATIENCE)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            name: name.to_owned(),
            window: Duration::from_secs(63) / speed,
            state: Arc::new(Mutex::new(State::Redis(connection))),
        })
    }

    fn ask(&self, request: &PacedRequest) -> Duration {
        let now = request.now.monotonic;
        let kind = if request.is_creation {
            CREATIONS
        } else {
            OTHERS
        };
        let mut locked = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Redis(connection) = &mut *locked {
            match self.ask_redis(connection, kind) {
                Ok(wait) => return wait,
                Err(error) => {
                    // In one piece, because another process may print too.
                    let line = format!("Redis is away: {error}\n");
                    eprint!("{line}");
                    let from = now + self.window;
                    *locked = State::Alone(Half {
                        next_creation: from,
                        next_other: from,
                        planned: HashSet::new(),
                    });
                }
            }
        }
        let State::Alone(half) = &mut *locked else {
            return PATIENCE;
        };
        if half.planned.remove(&request.id) {
            return Duration::ZERO;
        }
        let next = half.next(request.is_creation);
        let at = (*next).max(now);
        let wait = at.saturating_sub(now);
        // A request that would wait longer than it may fails, so it needs no time.
        if wait < request.left {
            *next = at + self.window / (kind.1 / 2);
            if !wait.is_zero() {
                half.planned.insert(request.id);
            }
        }
        wait
    }

    fn ask_redis(
        &self,
        connection: &mut redis::Connection,
        (kind, limit): (&str, u32),
    ) -> redis::RedisResult<Duration> {
        let millis = u64::try_from(self.window.as_millis()).unwrap_or(u64::MAX);
        let script = redis::Script::new(SCRIPT);
        let mut call = script.key(format!("{}:{kind}", self.name));
        let wait = call.arg(limit).arg(millis).invoke(connection)?;
        Ok(Duration::from_millis(wait))
    }
}

#[async_trait]
impl Pace for FleetPace {
    fn turn_blocking(&self, request: &PacedRequest) -> Duration {
        self.ask(request)
    }

    async fn turn(&self, request: &PacedRequest) -> Duration {
        let (pace, request) = (self.clone(), *request);
        let asked = tokio::task::spawn_blocking(move || pace.ask(&request)).await;
        asked.unwrap_or(PATIENCE)
    }

    fn gave_up(&self, request: &PacedRequest) {
        let mut locked = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Alone(half) = &mut *locked {
            half.planned.remove(&request.id);
        }
    }

    fn attempted(&self, attempt: &PacedAttempt) {
        let mut locked = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let (State::Alone(half), true) = (&mut *locked, attempt.is_limited) {
            let now = attempt.request.now.monotonic + attempt.elapsed;
            let resets_in = attempt.resets_in.unwrap_or(self.window);
            let next = half.next(attempt.request.is_creation);
            *next = (*next).max(now + resets_in.min(self.window));
            // Those that wait ask again.
            half.planned.clear();
        }
    }
}

/// The clock of the sandbox: a minute takes two seconds.
const SPEED: u32 = 30;
const PROCESSES: usize = 2;
const INVITES: usize = 200;

/// Counts the requests that the API refused because of the rate limit.
#[derive(Default)]
struct Refused(AtomicU32);

impl Observer for Refused {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        if attempt.status == Some(StatusCode::TOO_MANY_REQUESTS) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn main() -> ExitCode {
    let url = std::env::var("REDIS_URL").unwrap_or("redis://127.0.0.1".to_owned());
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    exit(match &*arguments {
        [name, organization, process] => create(&url, name, organization, process),
        _ => FleetPace::connect(&url, "", SPEED)
            .map_err(|error| format!("the Redis server of REDIS_URL: {error}").into())
            .and_then(|_| start_fleet()),
    })
}

/// Starts the processes.
fn start_fleet() -> Result<(), Failure> {
    let sandbox = Sandbox::builder().fast_clock(SPEED).build();
    let server = SandboxServer::start(sandbox.clone())?;
    let name = format!("fleet_pace:{}", std::process::id());
    let start = |process: usize| {
        Command::new(std::env::current_exe()?)
            .args([
                &*name,
                sandbox.organization_id().as_str(),
                &process.to_string(),
            ])
            .env("FACTIFY_KEY", sandbox.key(Persona::Admin))
            .env("FACTIFY_BASE_URL", server.base_url().to_string())
            .spawn()
    };
    let processes = (0..PROCESSES).map(start).collect::<Result<Vec<_>, _>>()?;
    for mut process in processes {
        if !process.wait()?.success() {
            return Err("a process failed".into());
        }
    }
    println!("{} invites were created.", sandbox.invites().len());
    Ok(())
}

/// One process of the fleet.
#[tokio::main]
async fn create(url: &str, name: &str, organization: &str, process: &str) -> Result<(), Failure> {
    let organization: OrganizationId = organization.parse()?;
    let pace = FleetPace::connect(url, name, SPEED)?;
    let refused = Arc::new(Refused::default());
    let config = ClientConfig::from_env()?
        .pace(Arc::new(pace))
        .observer(refused.clone());
    let client = Arc::new(factify::hyper::client(config)?);
    let next = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let (client, next, process) = (client.clone(), next.clone(), process.to_owned());
            tokio::spawn(async move {
                let invites = client.organization(organization).invites();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed) as usize;
                    if number >= INVITES {
                        return Ok::<(), Failure>(());
                    }
                    let email = format!("guest{number}@{process}.example.net").parse()?;
                    invites.create(email).send().await?;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let refused = refused.0.load(Ordering::Relaxed);
    println!("Process {process}: {INVITES} created, {refused} requests refused.");
    Ok(())
}
