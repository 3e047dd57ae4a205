//! Calls that a state machine drives: several requests that are one call for their observers.

use super::config::ClientConfig;
use super::options::Options;
use super::parts::PartsRun;
use super::run::Cancel;
use crate::transport::Now;

/// A state machine without I/O. Its other methods are those that [`machine_call`] names.
pub(crate) trait Machine {
    /// The name of the call, for errors and observers.
    const NAME: &'static str;

    /// Whether a request of it may have been applied.
    fn is_in_doubt(&self) -> bool {
        false
    }
}

/// The machine of a call, and its requests.
pub(super) struct MachineRun<M> {
    pub(super) machine: M,
    pub(super) parts: PartsRun,
}

impl<M: Machine> MachineRun<M> {
    pub(super) fn new(machine: M, config: &ClientConfig, options: Options, now: Now) -> Self {
        let parts = PartsRun::new(M::NAME, &config.watch, options, now);
        Self { machine, parts }
    }
}

impl<M: Machine> Cancel for MachineRun<M> {
    fn is_reported(&self) -> bool {
        self.parts.has_ended()
    }

    fn cancel(&mut self, now: Now) {
        self.parts.cancel(now, self.machine.is_in_doubt());
    }
}

/// Declares a call: a machine with its options, and an async and a blocking `send`.
///
/// The machine has `start(now, deadline)`, `woke(now)`, and for each request the method of its line. The line also
/// names the variant of `Step` that holds the request and the time for it. `Step::Sleep(wait)` is a wait, and
/// `Step::Done(result)` is the end.
macro_rules! machine_call {
    (
        $(#[$meta:meta])*
        pub struct $Call:ident($Machine:ty);

        $(#[$send:meta])*
        send -> $Output:ty, within $deadline:expr;

        $($Variant:ident => $then:ident,)+
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[must_use = "a call does nothing until you `send` it"]
        pub struct $Call<'c, C> {
            client: &'c C,
            config: &'c ClientConfig,
            machine: $Machine,
            options: Options,
        }

        impl<'c, C> $Call<'c, C> {
            pub(crate) fn new(client: &'c C, config: &'c ClientConfig, machine: $Machine) -> Self {
                let options = Options::default();
                Self { client, config, machine, options }
            }

            option_setters!();
        }

        impl<T: HttpTransport> $Call<'_, Client<T>> {
            $(#[$send])*
            pub async fn send(self) -> Result<$Output, Error> {
                let (client, transport) = (self.client, self.client.transport());
                let deadline: Option<Duration> = $deadline;
                let deadline = self.options.deadline.or(deadline).unwrap_or(self.config.deadline);
                let run = MachineRun::new(self.machine, self.config, self.options, transport.now());
                let mut run = Running::new(run, || transport.now());
                #[cfg(feature = "tracing")]
                {
                    let span = run.parts.span();
                    let driven = async {
                        machine_call! {
                            @drive client, run, transport, deadline, [await] $($Variant => $then,)+
                        }
                    };
                    tracing::Instrument::instrument(driven, span).await
                }
                #[cfg(not(feature = "tracing"))]
                machine_call! {
                    @drive client, run, transport, deadline, [await] $($Variant => $then,)+
                }
            }
        }

        impl<T: transport::blocking::HttpTransport> $Call<'_, blocking::Client<T>> {
            $(#[$send])*
            pub fn send(self) -> Result<$Output, Error> {
                let (client, transport) = (self.client, self.client.transport());
                let deadline: Option<Duration> = $deadline;
                let deadline = self.options.deadline.or(deadline).unwrap_or(self.config.deadline);
                let run = MachineRun::new(self.machine, self.config, self.options, transport.now());
                let mut run = Running::new(run, || transport.now());
                #[cfg(feature = "tracing")]
                let span = run.parts.span();
                #[cfg(feature = "tracing")]
                let _entered = span.enter();
                machine_call! {
                    @drive client, run, transport, deadline, [] $($Variant => $then,)+
                }
            }
        }
    };
    // The loop of both drivers, which differ only in how they wait.
    (@drive $client:ident, $run:ident, $transport:ident, $deadline:ident, $await:tt
        $($Variant:ident => $then:ident,)+
    ) => {{
        let mut step = $run.machine.start($transport.now(), $deadline);
        loop {
            step = match step {
                $(Step::$Variant(operation, left) => {
                    let part = $client.call_with(operation, $run.parts.options(Some(left)));
                    let result = machine_call!(@wait $await part.send());
                    $run.machine.$then($transport.now(), result)
                })+
                Step::Sleep(wait) => {
                    let () = machine_call!(@wait $await $transport.sleep(wait));
                    $run.machine.woke($transport.now())
                }
                Step::Done(result) => break $run.parts.finish($transport.now(), *result),
            };
        }
    }};
    (@wait [] $call:expr) => { $call };
    (@wait [await] $call:expr) => { $call.await };
}
