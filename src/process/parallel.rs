//! Work on many things at once, on every core, whose results come in the order of the things.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How far any thread may be ahead of what was taken: what waits to be taken is bounded.
const AHEAD: usize = 32;

struct State<R> {
    next: usize,
    taken: usize,
    /// Nothing more is begun.
    stopped: bool,
    done: BTreeMap<usize, R>,
}

struct Shared<R> {
    state: Mutex<State<R>>,
    changed: Condvar,
}

/// Ends the work of all when one thread ends by a panic, which is then told, and nobody waits.
struct Stop<'a, R>(&'a Shared<R>);

impl<R> Drop for Stop<'_, R> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.locked().stopped = true;
            self.0.changed.notify_all();
        }
    }
}

impl<R> Shared<R> {
    fn locked(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting<'a>(&self, state: MutexGuard<'a, State<R>>) -> MutexGuard<'a, State<R>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next thing to do; `None` when all are begun.
    fn begin(&self, count: usize) -> Option<usize> {
        let mut state = self.locked();
        while !state.stopped && state.next < count && state.next >= state.taken + AHEAD {
            state = self.waiting(state);
        }
        let index = state.next;
        state.next += 1;
        (!state.stopped && index < count).then_some(index)
    }

    fn finish(&self, index: usize, result: R) {
        self.locked().done.insert(index, result);
        self.changed.notify_all();
    }

    /// The result that comes next; `None` once the work was stopped.
    fn take(&self) -> Option<R> {
        let mut state = self.locked();
        loop {
            let index = state.taken;
            if let Some(result) = state.done.remove(&index) {
                state.taken += 1;
                self.changed.notify_all();
                return Some(result);
            }
            if state.stopped {
                return None;
            }
            state = self.waiting(state);
        }
    }
}

/// Does `work` for each of `items` on all cores, and gives the results to `take` in the order of the
/// items, each as soon as it and all before it are there.
///
/// # Errors
/// The first of `take`, after which nothing more is begun.
pub fn in_order<T: Sync, R: Send, E>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    if threads < 2 {
        return items.iter().try_for_each(|item| take(work(item)));
    }
    let state = State { next: 0, taken: 0, stopped: false, done: BTreeMap::new() };
    let shared = Shared { state: Mutex::new(state), changed: Condvar::new() };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _stop = Stop(&shared);
                while let Some(index) = shared.begin(items.len()) {
                    shared.finish(index, work(&items[index]));
                }
            });
        }
        for _ in items {
            let Some(result) = shared.take() else { break };
            if let Err(error) = take(result) {
                shared.locked().stopped = true;
                shared.changed.notify_all();
                return Err(error);
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn results_come_in_order_whatever_takes_longer() {
        let items: Vec<usize> = (0..200).collect();
        let work = |item: &usize| {
            if item.is_multiple_of(7) {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            item * 2
        };
        let mut seen = Vec::new();
        let all: Result<(), ()> = in_order(&items, work, |result| {
            seen.push(result);
            Ok(())
        });
        assert_eq!(all, Ok(()));
        assert_eq!(seen, items.iter().map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_ends_the_work() {
        let items: Vec<usize> = (0..10_000).collect();
        let begun = std::sync::atomic::AtomicUsize::new(0);
        let work = |item: &usize| {
            begun.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            *item
        };
        let ended = in_order(&items, work, |item| if item == 3 { Err(item) } else { Ok(()) });
        assert_eq!(ended, Err(3));
        assert!(begun.into_inner() < 1000);
    }
}
