//! From a Rust future to what JavaScript gets: the answer itself if it is there, a promise if it is not.
//!
//! An operation's future is polled once inside the call that starts it. What an embedded database has at once is
//! returned as a plain value, with no promise made here and no thread involved. A future that has to wait is kept in
//! its environment; when its waker is called, on whatever thread, the task's number goes into a queue, and the first
//! number in an empty queue wakes the event loop. One turn then polls every task whose number is there: many
//! completions, one wake-up.
//!
//! A turn is followed by another one in the same or the next round of the event loop, by an immediate, until one finds
//! nothing to do; only then is a wake-up sent again. So there is at most one for each round, however fast answers come:
//! Node goes on with a channel that was sent to meanwhile, a thousand times over, before it looks at timers and sockets
//! again. For the same reason a future that wakes itself, to give way to others, is polled again by the immediate.
//!
//! Invariants:
//! - futures are polled and dropped on the environment's thread only;
//! - a waker never blocks on JavaScript and never runs any: it takes one short lock;
//! - the event loop is kept alive exactly while at least one task is waiting;
//! - once the environment's cleanup has begun nothing is sent to it: late wake-ups are dropped. Sending and closing
//!   exclude each other by the queue's lock, so a waker cannot meet a freed channel;
//! - a task's number carries a generation, so a late waker cannot touch the task that took its place;
//! - a call that returns a promise leaves the task's number in the scratch memory: who waits no more gives the task up by it.
//!
//! Non-goal: no reactor and no timers of its own. Futures are woken by FoundationDB's network thread or the engine.

use crate::call::Call;
use crate::failure::{Failure, Result};
use crate::js::{Deferred, Js, Reference, Value, check};
use crate::traffic::Traffic;
use napi::sys;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// How an answer becomes a value.
pub trait Reply {
    /// Inside the call that asked.
    fn now<'call>(self, call: &Call<'call>) -> Result<Value<'call>>;
    /// Later, to settle a promise.
    fn later<'call>(self, js: Js) -> Result<Value<'call>>;
}

/// The tasks of one environment.
pub struct Executor {
    /// What has crossed.
    pub traffic: Traffic,
    queue: Arc<Queue>,
    tasks: RefCell<Tasks>,
    /// A waker nobody holds, for the next operation: most are ready at once and leave it unused.
    spare: Cell<Option<Arc<TaskWaker>>>,
    /// What runs another turn in the next round of the event loop; none before the start.
    immediate: RefCell<Option<Immediate>>,
}

/// `setImmediate` and the function it is to call.
struct Immediate {
    schedule: Reference,
    turn: Reference,
}

#[derive(Default)]
struct Tasks {
    slots: Vec<Slot>,
    free: Vec<usize>,
    waiting: usize,
    /// Counts turns.
    turn: u64,
}

struct Slot {
    generation: u64,
    /// None while the task is being polled, and in a free slot.
    task: Option<Parked>,
    /// The turn that has polled it last.
    polled: u64,
}

type Task = Box<dyn Settle>;

/// A task that waits, and what wakes it: the same one each time.
struct Parked {
    task: Task,
    waker: Waker,
}

#[derive(Clone, Copy)]
struct TaskId {
    index: usize,
    generation: u64,
}

impl TaskId {
    /// As 32 bits of each, little-endian. A generation that comes again after 2^32 tasks in one slot is not met.
    fn write(self, room: &mut [u8]) {
        let (index, generation) = room.split_at_mut(4);
        index.copy_from_slice(&(self.index as u32).to_le_bytes());
        generation.copy_from_slice(&(self.generation as u32).to_le_bytes());
    }
}

/// What any thread may touch.
struct Queue {
    state: Mutex<QueueState>,
}

struct QueueState {
    woken: Vec<TaskId>,
    /// Whether a turn is to come, so that the event loop need not be woken: from a wake-up to the turn that finds
    /// nothing to do.
    called: bool,
    /// How often it was asked, for [`Traffic`].
    wake_ups: u64,
    /// None before the start and after the end.
    channel: Option<Channel>,
}

struct Channel(sys::napi_threadsafe_function);

// SAFETY: a thread-safe function is made to be called from any thread.
unsafe impl Send for Channel {}

struct TaskWaker {
    queue: Arc<Queue>,
    id: TaskId,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut state = self.queue.lock();
        let Some(channel) = &state.channel else { return };
        let function = channel.0;
        state.woken.push(self.id);
        if !state.called {
            state.called = true;
            state.wake_ups += 1;
            // SAFETY: the channel is live while the lock is held; its queue is unbounded, so this does not block.
            unsafe {
                sys::napi_call_threadsafe_function(
                    function,
                    ptr::null_mut(),
                    sys::ThreadsafeFunctionCallMode::nonblocking,
                );
            }
        }
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Executor {
    /// An executor that cannot wait yet: see [`start`](Self::start).
    pub fn new() -> Executor {
        let state = QueueState { woken: Vec::new(), called: false, wake_ups: 0, channel: None };
        Executor {
            traffic: Traffic::default(),
            queue: Arc::new(Queue { state: Mutex::new(state) }),
            tasks: RefCell::default(),
            spare: Cell::new(None),
            immediate: RefCell::new(None),
        }
    }

    /// Opens the channel to the event loop.
    ///
    /// # Safety
    ///
    /// The executor must stay where it is until [`stop`](Self::stop), which must be called, on this thread, before
    /// the environment is gone.
    pub unsafe fn start(&self, js: Js) -> Result<()> {
        let name = js.string("found-db")?;
        let mut function = ptr::null_mut();
        // SAFETY: the context outlives the channel, as the caller has promised; without a JavaScript function to
        // call, `turn` is called instead. A queue size of 0 is none.
        check(unsafe {
            sys::napi_create_threadsafe_function(
                js.raw(),
                ptr::null_mut(),
                ptr::null_mut(),
                name.raw(),
                0,
                1,
                ptr::null_mut(),
                None,
                ptr::from_ref(self).cast_mut().cast(),
                Some(turn),
                &mut function,
            )
        })?;
        // SAFETY: the function was just made. Nothing waits yet, so it must not keep the process alive.
        check(unsafe { sys::napi_unref_threadsafe_function(js.raw(), function) })?;
        self.queue.lock().channel = Some(Channel(function));
        let mut turn = ptr::null_mut();
        // SAFETY: the executor outlives every call of the function, as the caller has promised.
        check(unsafe {
            sys::napi_create_function(
                js.raw(),
                c"turn".as_ptr(),
                4,
                Some(turn_from_immediate),
                ptr::from_ref(self).cast_mut().cast(),
                &mut turn,
            )
        })?;
        // SAFETY: the call succeeded, so `turn` was made in the scope that is open now.
        let turn = Reference::new(js, unsafe { Value::from_raw(turn) })?;
        let schedule = Reference::new(js, js.get(js.global()?, c"setImmediate")?)?;
        *self.immediate.borrow_mut() = Some(Immediate { schedule, turn });
        Ok(())
    }

    /// Closes the channel and drops every task: their promises stay unsettled, as nobody is left to see them.
    pub fn stop(&self) {
        let mut state = self.queue.lock();
        state.channel = None;
        state.woken.clear();
        drop(state);
        let tasks = std::mem::take(&mut *self.tasks.borrow_mut());
        tasks.slots.into_iter().for_each(|slot| let_go(slot.task));
    }

    /// How many operations are waiting.
    pub fn waiting(&self) -> usize {
        self.tasks.borrow().waiting
    }

    /// How often other threads have woken the event loop.
    pub fn wake_ups(&self) -> u64 {
        self.queue.lock().wake_ups
    }

    /// Polls `future` now: its reply if it is ready, else a promise of it.
    pub fn run<'call, F, R>(&self, call: &Call<'call>, future: F) -> Result<Value<'call>>
    where
        F: Future<Output = found::Result<R>> + Unpin + 'static,
        R: Reply + 'static,
    {
        self.run_mapped(call, future, |reply| reply)
    }

    /// Like [`run`](Self::run), for an answer that `map` turns into a reply.
    pub fn run_mapped<'call, F, T, M, R>(&self, call: &Call<'call>, future: F, map: M) -> Result<Value<'call>>
    where
        F: Future<Output = found::Result<T>> + Unpin + 'static,
        M: FnOnce(T) -> R + 'static,
        R: Reply + 'static,
    {
        self.run_looking(call, future, map, poll_twice)
    }

    /// Like [`run_mapped`](Self::run_mapped), for a future that needs no second look: one that was just made and that nobody
    /// has polled, or one that takes a second look itself. On a cluster each look takes locks that its network's thread
    /// takes too.
    pub fn run_new<'call, F, T, M, R>(&self, call: &Call<'call>, future: F, map: M) -> Result<Value<'call>>
    where
        F: Future<Output = found::Result<T>> + Unpin + 'static,
        M: FnOnce(T) -> R + 'static,
        R: Reply + 'static,
    {
        self.run_looking(call, future, map, |future, context| Pin::new(future).poll(context))
    }

    fn run_looking<'call, F, T, M, R>(
        &self,
        call: &Call<'call>,
        mut future: F,
        map: M,
        look: impl FnOnce(&mut F, &mut Context<'_>) -> Poll<F::Output>,
    ) -> Result<Value<'call>>
    where
        F: Future<Output = found::Result<T>> + Unpin + 'static,
        M: FnOnce(T) -> R + 'static,
        R: Reply + 'static,
    {
        let waker = self.next_waker();
        let handle = Waker::from(waker.clone());
        let polled = look(&mut future, &mut Context::from_waker(&handle));
        match polled {
            Poll::Ready(answer) => {
                drop(handle);
                if Arc::strong_count(&waker) == 1 {
                    self.spare.set(Some(waker));
                } else {
                    // Somebody kept it: its number must not be woken for another task.
                    self.release(waker.id);
                }
                map(answer?).now(call)
            }
            Poll::Pending => {
                let (deferred, promise) = call.js().promise().inspect_err(|_| self.release(waker.id))?;
                let task = Box::new(Waiting { future, map: Some((map, deferred)) });
                self.park(call.js(), waker.id, Parked { task, waker: handle })?;
                call.environment().scratch.write(8, |room| waker.id.write(room));
                Ok(promise)
            }
        }
    }

    /// The waker of a reserved slot.
    fn next_waker(&self) -> Arc<TaskWaker> {
        self.spare.take().unwrap_or_else(|| {
            let mut tasks = self.tasks.borrow_mut();
            let index = tasks.free.pop().unwrap_or_else(|| {
                tasks.slots.push(Slot { generation: 0, task: None, polled: 0 });
                tasks.slots.len() - 1
            });
            let generation = tasks.slots[index].generation;
            Arc::new(TaskWaker { queue: self.queue.clone(), id: TaskId { index, generation } })
        })
    }

    /// Keeps a task until it is woken. A wake-up that came since it was polled is in the queue already.
    fn park(&self, js: Js, id: TaskId, task: Parked) -> Result<()> {
        let mut tasks = self.tasks.borrow_mut();
        tasks.slots[id.index].task = Some(task);
        tasks.waiting += 1;
        if tasks.waiting == 1 {
            self.keep_alive(js, true)?;
        }
        Ok(())
    }

    /// Gives a slot back.
    fn release(&self, id: TaskId) {
        let mut tasks = self.tasks.borrow_mut();
        if let Some(slot) = tasks.slots.get_mut(id.index) {
            slot.generation += 1;
            slot.task = None;
            tasks.free.push(id.index);
        }
    }

    /// Drops the task whose number a call has left in the scratch memory, if it still waits: its promise is rejected with
    /// 1101, and the event loop does not wait for it any more.
    pub fn give_up(&self, js: Js, index: usize, generation: u32) -> Result<()> {
        let id = {
            let tasks = self.tasks.borrow();
            match tasks.slots.get(index) {
                Some(slot) if slot.generation as u32 == generation => TaskId { index, generation: slot.generation },
                _ => return Ok(()),
            }
        };
        let Some(mut parked) = self.tasks.borrow_mut().slots[index].task.take() else { return Ok(()) };
        self.release(id);
        self.tasks.borrow_mut().waiting -= 1;
        parked.task.give_up(js);
        let_go(parked);
        if self.waiting() == 0 { self.keep_alive(js, false) } else { Ok(()) }
    }

    /// Whether the event loop waits for us.
    fn keep_alive(&self, js: Js, alive: bool) -> Result<()> {
        let state = self.queue.lock();
        let Some(channel) = &state.channel else { return Ok(()) };
        // SAFETY: the channel is live while the lock is held, and this is the environment's thread.
        check(unsafe {
            if alive {
                sys::napi_ref_threadsafe_function(js.raw(), channel.0)
            } else {
                sys::napi_unref_threadsafe_function(js.raw(), channel.0)
            }
        })
    }

    /// Polls every task that was woken, once.
    fn turn(&self, js: Js) -> Result<()> {
        self.traffic.turns.add();
        let woken = {
            let mut state = self.queue.lock();
            // The last turn: from here on another wake-up is needed.
            state.called = !state.woken.is_empty();
            std::mem::take(&mut state.woken)
        };
        if woken.is_empty() {
            return Ok(());
        }
        self.tasks.borrow_mut().turn += 1;
        for id in woken {
            let Some(mut parked) = self.take(id) else { continue };
            if parked.task.settle(js, &mut Context::from_waker(&parked.waker)) {
                self.traffic.settled.add();
                self.release(id);
                self.tasks.borrow_mut().waiting -= 1;
                let_go(parked);
            } else if let Some(slot) = self.tasks.borrow_mut().slots.get_mut(id.index) {
                slot.task = Some(parked);
            }
        }
        if self.waiting() == 0 {
            self.keep_alive(js, false)?;
        }
        self.schedule_turn(js)
    }

    /// Has another turn follow.
    fn schedule_turn(&self, js: Js) -> Result<()> {
        let immediate = self.immediate.borrow();
        let Some(Immediate { schedule, turn }) = &*immediate else { return Ok(()) };
        js.call(schedule.value(js)?, &[turn.value(js)?])?;
        Ok(())
    }

    /// The task to poll; none if it is over, or was polled in this turn. A task with many reads is woken by each of them:
    /// polled for each it would go on and on in one turn, and a poll later than a wake-up has seen what it tells.
    fn take(&self, id: TaskId) -> Option<Parked> {
        let mut tasks = self.tasks.borrow_mut();
        let turn = tasks.turn;
        let slot = tasks.slots.get_mut(id.index)?;
        if slot.generation != id.generation || std::mem::replace(&mut slot.polled, turn) == turn {
            return None;
        }
        slot.task.take()
    }
}

/// Drops something of which the destructor may panic: that must keep no other task from its turn.
fn let_go<T>(value: T) {
    let _ = catch_unwind(AssertUnwindSafe(|| drop(value)));
}

/// The event loop has come.
unsafe extern "C" fn turn(env: sys::napi_env, _function: sys::napi_value, context: *mut c_void, _data: *mut c_void) {
    if env.is_null() {
        // The environment is ending and its queue is being emptied; the executor may be gone.
        return;
    }
    // SAFETY: while the environment lives, so does the executor that the channel was made with.
    let executor = unsafe { &*context.cast::<Executor>() };
    // SAFETY: this call runs on the environment's thread in a scope of its own.
    let js = unsafe { Js::from_raw(env) };
    let outcome = catch_unwind(AssertUnwindSafe(|| executor.turn(js)))
        .unwrap_or_else(|payload| Err(Failure::panic(payload.as_ref())));
    if let Err(failure) = outcome {
        failure.throw(js);
    }
}

/// The next round of the event loop has come.
unsafe extern "C" fn turn_from_immediate(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let mut data: *mut c_void = ptr::null_mut();
    // SAFETY: only the data is asked for.
    let status =
        unsafe { sys::napi_get_cb_info(env, info, ptr::null_mut(), ptr::null_mut(), ptr::null_mut(), &mut data) };
    if status == sys::Status::napi_ok {
        // SAFETY: the data is what the function was made with, and the call is one from the environment.
        unsafe { turn(env, ptr::null_mut(), data, ptr::null_mut()) };
    }
    ptr::null_mut()
}

/// Polls a future, and a second time if it is not ready. A future of FoundationDB's may have been polled before with
/// another waker (a commit is, when it is issued); if it becomes ready between its look at the answer and its
/// registering of our waker, only the other one is woken. From then on ours is, so the second look settles it.
fn poll_twice<F: Future + Unpin>(future: &mut F, context: &mut Context<'_>) -> Poll<F::Output> {
    match Pin::new(&mut *future).poll(context) {
        Poll::Pending => Pin::new(future).poll(context),
        ready => ready,
    }
}

/// A future together with the promise of its answer.
trait Settle {
    /// Polls; if the answer is there, settles the promise and gives true.
    fn settle(&mut self, js: Js, context: &mut Context<'_>) -> bool;

    /// Settles the promise as that of something cancelled, which will not be polled any more.
    fn give_up(&mut self, js: Js);
}

const OPERATION_CANCELLED: i32 = 1101;

struct Waiting<F, M> {
    future: F,
    /// What makes the reply and where it goes; taken when the answer is there.
    map: Option<(M, Deferred)>,
}

impl<F, T, M, R> Settle for Waiting<F, M>
where
    F: Future<Output = found::Result<T>> + Unpin,
    M: FnOnce(T) -> R,
    R: Reply,
{
    fn settle(&mut self, js: Js, context: &mut Context<'_>) -> bool {
        let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(&mut self.future).poll(context)));
        let answer = match polled {
            Ok(Poll::Pending) => return false,
            Ok(Poll::Ready(answer)) => answer.map_err(Failure::from),
            Err(payload) => Err(Failure::panic(payload.as_ref())),
        };
        let Some((map, deferred)) = self.map.take() else { return true };
        let reply = catch_unwind(AssertUnwindSafe(|| answer.and_then(|answer| map(answer).later(js))))
            .unwrap_or_else(|payload| Err(Failure::panic(payload.as_ref())));
        // A failure here means that the environment no longer runs JavaScript; there is nobody to tell.
        let _ = match reply {
            Ok(value) => js.resolve(deferred, value),
            Err(failure) => failure.to_value(js).and_then(|value| js.reject(deferred, value)),
        };
        true
    }

    fn give_up(&mut self, js: Js) {
        let Some((_, deferred)) = self.map.take() else { return };
        let cancelled = Failure::from(found::Error::fdb(OPERATION_CANCELLED));
        let _ = cancelled.to_value(js).and_then(|value| js.reject(deferred, value));
    }
}
