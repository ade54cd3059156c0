//! Watches the sockets and the time on the runtime, for loops without `add_reader` and for strategies that block the loop: answers
//! and pushes are taken in, and the heartbeat kept, whatever the loop does. Events wait for the loop; one wake-up a batch.

use std::{
    future::pending,
    io::ErrorKind,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use okx_ws::session::LinkId;
use tokio::{io::Interest, net::TcpStream, sync::Notify, task::AbortHandle};

use super::{
    lock,
    machine::{After, Change, Machine},
};
use crate::bridge::{Source, runtime};

/// See the module.
pub struct Tasks {
    machine: Arc<Mutex<Machine>>,
    /// Has the loop hand over the events.
    news: Source,
    /// Has the keeper look at the time and at the post.
    look: Notify,
    /// What the keeper waits for, monotonic ns.
    due_ns: AtomicU64,
    watched: Mutex<Vec<Watched>>,
    keeper: Mutex<Option<AbortHandle>>,
}

/// A socket and the task that watches it.
struct Watched {
    line: usize,
    link: LinkId,
    /// Whether it is to be watched for writing.
    writing: Arc<(AtomicBool, Notify)>,
    task: AbortHandle,
}

impl Tasks {
    /// Starts the one that keeps the time.
    pub fn start(machine: Arc<Mutex<Machine>>, news: Source) -> Arc<Self> {
        let tasks = Arc::new(Self {
            machine,
            news,
            look: Notify::new(),
            due_ns: AtomicU64::new(u64::MAX),
            watched: Mutex::default(),
            keeper: Mutex::default(),
        });
        let keeper = runtime().spawn(tasks.clone().keep());
        *tasks.keeper.lock().unwrap_or_else(PoisonError::into_inner) = Some(keeper.abort_handle());
        tasks
    }

    /// Has the keeper look.
    pub fn look(&self) {
        self.look.notify_one();
    }

    /// Ends all tasks.
    pub fn stop(&self) {
        for watched in self.watched.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            watched.task.abort();
        }
        if let Some(keeper) = self.keeper.lock().unwrap_or_else(PoisonError::into_inner).take() {
            keeper.abort();
        }
    }

    /// Lets the machine do something on a thread of the runtime.
    fn work<R>(self: &Arc<Self>, work: impl FnOnce(&mut Machine) -> R) -> R {
        let (result, after) = {
            let mut machine = lock(&self.machine);
            let result = work(&mut machine);
            (result, machine.carry_out())
        };
        if after.has_news {
            self.news.wake();
        }
        self.follow(after);
        result
    }

    /// Does what is left to do, on any thread.
    pub fn follow(self: &Arc<Self>, after: After) {
        for change in after.changes {
            match change {
                Change::Opened(line, link, stream) => self.watch(line, link, stream),
                Change::Writing(line, link, _, wanted) => {
                    let all = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(watched) = all.iter().find(|w| w.line == line && w.link == link) {
                        watched.writing.0.store(wanted, Relaxed);
                        watched.writing.1.notify_one();
                    }
                }
                Change::Gone(line, link, stream, _) => {
                    let mut all = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(at) = all.iter().position(|w| w.line == line && w.link == link) {
                        all.remove(at).task.abort();
                    }
                    drop(stream);
                }
            }
        }
        let due_ns = after.due_ns.unwrap_or(u64::MAX);
        if due_ns < self.due_ns.load(Relaxed) {
            self.look();
        }
    }

    fn watch(self: &Arc<Self>, line: usize, link: LinkId, stream: Arc<std::net::TcpStream>) {
        let writing = Arc::new((AtomicBool::new(false), Notify::new()));
        let mut all = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let task = runtime().spawn(self.clone().read(stream, line, link, writing.clone())).abort_handle();
        all.push(Watched { line, link, writing, task });
    }

    async fn read(
        self: Arc<Self>,
        stream: Arc<std::net::TcpStream>,
        line: usize,
        link: LinkId,
        writing: Arc<(AtomicBool, Notify)>,
    ) {
        // A second descriptor of the socket, for the runtime to watch; the machine reads and writes through the first.
        let watched = match stream.try_clone().and_then(TcpStream::from_std) {
            Ok(watched) => watched,
            Err(error) => {
                let reason = error.to_string();
                self.work(|machine| machine.fail(line, link, &reason));
                return;
            }
        };
        drop(stream);
        // It may have gone before it was watched.
        if !lock(&self.machine).has(line, link) {
            return;
        }
        // The runtime forgets that the socket is ready when it is told that nothing is left to do.
        let none_left = || std::io::Error::from(ErrorKind::WouldBlock);
        loop {
            // A closed socket stays ready: whoever watches it must leave by himself.
            let mut is_gone = false;
            let mut serve = |interest: Interest, is_done: &dyn Fn(bool) -> bool| {
                let _told = watched.try_io(interest, || {
                    let Some(has_more) = self.work(|machine| machine.ready(line, link)) else {
                        is_gone = true;
                        return Ok(());
                    };
                    if is_done(has_more) { Err(none_left()) } else { Ok(()) }
                });
            };
            tokio::select! {
                ready = watched.readable() => {
                    if ready.is_err() {
                        return;
                    }
                    serve(Interest::READABLE, &|has_more| !has_more);
                }
                ready = watched.writable(), if writing.0.load(Relaxed) => {
                    if ready.is_err() {
                        return;
                    }
                    serve(Interest::WRITABLE, &|_| writing.0.load(Relaxed));
                }
                () = writing.1.notified() => {}
            }
            if is_gone {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn keep(self: Arc<Self>) {
        loop {
            let (due_ns, now_ns) = {
                let machine = lock(&self.machine);
                (machine.due_ns(), machine.now_ns())
            };
            self.due_ns.store(due_ns.unwrap_or(u64::MAX), Relaxed);
            let wait = due_ns.map(|at| Duration::from_nanos(at.saturating_sub(now_ns)));
            let time = async {
                match wait {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                () = self.look.notified() => {}
                () = time => {}
            }
            self.work(|machine| {
                machine.arrivals();
                machine.timeout();
            });
        }
    }
}
