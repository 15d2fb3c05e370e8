//! The future of a read.

use super::state::Core;
use crate::{Error, Result};
use foundationdb::FdbResult;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// A read that was issued, or refused at once. It keeps its transaction alive: a read is not cut short because the
/// last handle of its transaction went away.
///
/// The fields are dropped in this order: the read before the transaction it belongs to.
pub(super) struct Read<F> {
    issued: Result<F, Option<Error>>,
    core: Arc<Core>,
}

impl<F> Read<F> {
    pub(super) fn new(issued: Result<F>, core: &Arc<Core>) -> Read<F> {
        Read { issued: issued.map_err(Some), core: core.clone() }
    }
}

impl<T, F> Future for Read<F>
where
    F: Future<Output = FdbResult<T>> + Unpin,
{
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        let this = &mut *self;
        match &mut this.issued {
            Ok(future) => match Pin::new(future).poll(cx) {
                Poll::Ready(Ok(answer)) => {
                    this.core.database.hear();
                    Poll::Ready(Ok(answer))
                }
                Poll::Ready(Err(error)) => Poll::Ready(Err(this.core.database.error(error.code()))),
                Poll::Pending => {
                    this.core.database.ask();
                    Poll::Pending
                }
            },
            Err(error) => Poll::Ready(Err(error.take().unwrap_or(Error::fdb(1101)))),
        }
    }
}
