//! The client of a witness: asks it over HTTP to cosign a checkpoint, and believes nothing but the signature (W-10).

use std::time::Duration;

use xinyi_core::{Size, VerifierKey};

use crate::failure::Failure;
use crate::own_copy::OwnCopy;

/// How long a witness may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Most bytes of an answer that are read.
const MAX_ANSWER: u64 = 65_536;

/// What a witness said.
struct Answer {
    body: String,
    status: u16,
}

/// Has the witness at `url` cosign the checkpoint of this copy, and gives its signature line, verified by `vkey`.
///
/// The first question is from size 0: a witness that has seen the log names the size to go on from, and is asked
/// once more.
pub(crate) fn submit(url: &str, vkey: &VerifierKey, copy: &OwnCopy) -> Result<String, Failure> {
    let url = add_checkpoint(url)?;
    let mut said = post(&url, &copy.request(Size::default())?.to_string())?;
    if said.status == 409 {
        let latest = said.body.strip_suffix('\n').and_then(|size| size.parse().ok()).and_then(Size::new);
        let latest = latest.ok_or_else(|| Failure::new("witness-answer", "409 without a size"))?;
        said = post(&url, &copy.request(latest)?.to_string())?;
    }
    match said.status {
        200 => Ok(copy.note.cosignature_in(&said.body, vkey)?),
        400 => Err(Failure::new("witness-malformed", "")),
        403 => Err(Failure::new("witness-unsigned", "")),
        404 => Err(Failure::new("witness-log-unknown", "")),
        409 => Err(Failure::new("witness-conflict", "")),
        // This copy was verified and its proof made from its own lines: what differs is what the witness has seen.
        422 => Err(Failure::not_authentic("witness-inconsistent", "")),
        status => Err(Failure::new("witness-answer", status)),
    }
}

/// The address to post to; TLS belongs to a proxy on this machine.
fn add_checkpoint(url: &str) -> Result<String, Failure> {
    let host = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let host = host.filter(|host| !host.is_empty() && !host.contains(['@', '?', '#']));
    let host = host.ok_or_else(|| Failure::usage("witness-url", url))?;
    Ok(format!("http://{host}/add-checkpoint"))
}

/// One request, to this address and no other: no proxy of the environment, no redirect.
fn post(url: &str, body: &str) -> Result<Answer, Failure> {
    let unreachable = |error: ureq::Error| Failure::new("witness-unreachable", format!("{url}: {error}"));
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_global(Some(PATIENCE))
        .build();
    let sent = config.new_agent().post(url).content_type("text/plain; charset=utf-8").send(body);
    let mut response = sent.map_err(unreachable)?;
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(MAX_ANSWER).read_to_string().map_err(unreachable)?;
    Ok(Answer { body, status })
}
