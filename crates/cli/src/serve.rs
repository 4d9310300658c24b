//! The HTTP face of a witness: bytes in, a status and bytes out; what is cosigned, the store decides (W-2…W-12).

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use xinyi_core::{AddCheckpoint, Hash, NotCosigned, WatchedLogs};
use xinyi_store::{SecretKey, Witness, WitnessError};

use crate::failure::Failure;
use crate::output::{safe_line, say};

/// Most connections at once (spec W-12).
const MAX_CONNECTIONS: usize = 64;

/// How long one connection may last, with all its requests (spec W-12).
const CONNECTION: Duration = Duration::from_secs(30);

/// How long requests that are under way may take once the witness was asked to stop.
const FAREWELL: Duration = Duration::from_secs(5);

/// Largest head of a request that is read.
const MAX_HEAD: usize = 16_384;

/// Most characters of a request that the operator is told.
const MAX_TOLD: usize = 400;

const PLAIN: &str = "text/plain; charset=utf-8";

/// A witness at work.
pub(crate) struct Server {
    logs: WatchedLogs,
    quiet: bool,
    witness: Witness<SecretKey>,
}

/// What a request is answered with, and what the operator reads of it.
struct Answer {
    body: String,
    content_type: &'static str,
    status: u16,
    told: String,
}

impl Answer {
    fn new(status: u16, body: impl Into<String>, told: impl Into<String>) -> Self {
        Self { body: body.into(), content_type: PLAIN, status, told: told.into() }
    }

    fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let content_type = hyper::header::HeaderValue::from_static(self.content_type);
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        response
    }
}

impl From<&WitnessError> for Answer {
    fn from(error: &WitnessError) -> Self {
        let told = format!("[{}] {error}", error.code());
        match error {
            WitnessError::Refused(NotCosigned::Conflict { latest }) => {
                Self { content_type: "text/x.tlog.size", ..Self::new(409, format!("{latest}\n"), told) }
            }
            WitnessError::Refused(refusal) => Self::new(refusal.status(), format!("{refusal}\n"), told),
            // What is wrong here is nobody's business but the operator's.
            _ => Self::new(500, "the witness cannot answer\n", told),
        }
    }
}

impl Server {
    pub(crate) const fn new(witness: Witness<SecretKey>, logs: WatchedLogs, quiet: bool) -> Self {
        Self { logs, quiet, witness }
    }

    /// Listens until the process is asked to stop; `begun` is told the address before the first request.
    pub(crate) fn run(self, listen: SocketAddr, begun: impl FnOnce(SocketAddr)) -> Result<(), Failure> {
        let failed = |error: io::Error| Failure::new("witness-listen", format!("{listen}: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        runtime.block_on(async {
            let listener = TcpListener::bind(listen).await.map_err(failed)?;
            let stop = Stop::new().map_err(failed)?;
            begun(listener.local_addr().map_err(failed)?);
            Arc::new(self).serve(listener, stop).await;
            Ok(())
        })
    }

    async fn serve(self: Arc<Self>, listener: TcpListener, mut stop: Stop) {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let open = GracefulShutdown::new();
        let accept = async {
            loop {
                // A closed semaphore would end the witness; nobody closes it.
                let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
                match listener.accept().await {
                    Ok((stream, _)) => {
                        let connection = open.watch(Arc::clone(&self).connection(stream));
                        tokio::spawn(async move {
                            let _ = tokio::time::timeout(CONNECTION, connection).await;
                            drop(place);
                        });
                    }
                    // Out of file handles, as a rule: others must end first.
                    Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                }
            }
        };
        tokio::select! {
            () = accept => {}
            () = stop.asked() => {}
        }
        drop(listener);
        let _ = tokio::time::timeout(FAREWELL, open.shutdown()).await;
    }

    fn connection(
        self: Arc<Self>,
        stream: TcpStream,
    ) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
        let service = service_fn(move |request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.answer(request).await) }
        });
        // A client may end its side once it has asked; it is answered all the same.
        let mut http = http1::Builder::new();
        http.half_close(true).max_buf_size(MAX_HEAD).serve_connection(TokioIo::new(stream), service)
    }

    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path().to_owned();
        let monitored = path.strip_prefix('/').and_then(|path| path.strip_suffix("/checkpoint"));
        let quiet = self.quiet;
        let (what, answer) = match (request.method(), monitored.map(str::parse::<Hash>)) {
            (&Method::POST, None) if path == "/add-checkpoint" => {
                ("add-checkpoint", self.add(request.into_body()).await)
            }
            (&Method::GET, Some(Ok(origin))) => ("checkpoint", self.latest(origin)),
            (_, Some(Ok(_))) => ("checkpoint", Answer::new(405, "GET\n", "")),
            _ if path == "/add-checkpoint" => ("add-checkpoint", Answer::new(405, "POST\n", "")),
            _ => ("other", Answer::new(404, "there is nothing here\n", "")),
        };
        if !quiet {
            // An origin is as long as a stranger likes.
            let told: String = answer.told.chars().take(MAX_TOLD).collect();
            say(safe_line(&format!("{what} {} {told}", answer.status)).trim_end());
        }
        answer.into_response()
    }

    /// `POST /add-checkpoint` (spec W-2).
    async fn add(self: Arc<Self>, body: Incoming) -> Answer {
        let body = match Limited::new(body, AddCheckpoint::MAX).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                return Answer::new(413, "too long\n", "too long");
            }
            Err(_) => return Answer::new(400, "the request broke off\n", "the request broke off"),
        };
        // The disk may be slow; other connections go on meanwhile.
        let judged = tokio::task::spawn_blocking(move || self.judge(&body)).await;
        judged
            .unwrap_or_else(|_| Answer::new(500, "the witness cannot answer\n", "the request's thread died"))
    }

    fn judge(&self, body: &[u8]) -> Answer {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(fault) => return (&WitnessError::Refused(fault.into())).into(),
        };
        let asked = format!("{} {}", request.checkpoint().origin, request.checkpoint().size);
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        let verified = request.verify(&self.logs).map_err(WitnessError::from);
        match verified.and_then(|submission| self.witness.cosign(submission, clock)) {
            Ok(line) => Answer::new(200, line, asked),
            Err(error) => {
                let answer = Answer::from(&error);
                Answer { told: format!("{asked} {}", answer.told), ..answer }
            }
        }
    }

    /// `GET /HEX/checkpoint` (spec W-9).
    fn latest(&self, origin: Hash) -> Answer {
        match self.witness.latest_note(origin) {
            Ok(Some(note)) => Answer::new(200, note, origin.to_string()),
            Ok(None) => Answer::new(404, "never cosigned\n", origin.to_string()),
            Err(error) => (&error).into(),
        }
    }
}

/// What asks the witness to stop: an interrupt from the keyboard, or the system's request to terminate.
struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Stop {
    fn new() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?,
        })
    }

    #[cfg(unix)]
    async fn asked(&mut self) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn asked(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
