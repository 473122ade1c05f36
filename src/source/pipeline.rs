//! Requests that do not wait for each other's answers, and work that is done until they come.

use std::future::{Future, ready};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

/// Sends a request at once; its answer can be waited for later. The driver hands a request to the server as soon as its future is first
/// asked, and takes further ones before the answer comes.
pub fn sent<'a, T: Send + 'a>(request: impl Future<Output = T> + Send + 'a) -> BoxFuture<'a, T> {
    let mut request = request.boxed();
    match request.as_mut().now_or_never() {
        Some(answer) => ready(answer).boxed(),
        None => request,
    }
}

/// Works something out on a thread of its own while servers are at work; the end gives what came of it, unless the work panicked.
pub fn computed<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> oneshot::Receiver<T> {
    let (send, receive) = oneshot::channel();
    rayon::spawn(move || {
        let _unwanted = send.send(work());
    });
    receive
}
