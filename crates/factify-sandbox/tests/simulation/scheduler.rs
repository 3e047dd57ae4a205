//! Runs tasks in an order that the seed decides, in virtual time.

use std::pin::Pin;
use std::task::{Context, Waker};

use crate::world::World;

pub type Task<'t> = Pin<Box<dyn Future<Output = ()> + 't>>;

pub fn run(world: &World, tasks: Vec<Task<'_>>) {
    let mut context = Context::from_waker(Waker::noop());
    let mut live: Vec<_> = tasks.into_iter().map(|task| (task, world.now())).collect();
    while !live.is_empty() {
        let now = world.now();
        let ready: Vec<usize> = (0..live.len()).filter(|n| live[*n].1 <= now).collect();
        let Some(n) = world.random(|random| random.choice(ready)) else {
            let next = live.iter().map(|(_, until)| *until).min();
            world.advance_to(next.expect("some task waits"));
            continue;
        };
        if live[n].0.as_mut().poll(&mut context).is_ready() {
            drop(live.swap_remove(n));
        } else {
            live[n].1 = world.waits();
        }
    }
}
