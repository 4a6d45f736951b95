//! The one place that opens connections: asking a metric server, and whether a service answers.
//!
//! Nothing is taken from the environment, no redirect is followed, no answer is read without end.

pub(crate) mod server;
#[cfg(test)]
mod tests;

use crate::model::{Reason, Stamp};
use std::fs;
use std::sync::Arc;
use std::time::Duration;
use ureq::tls::{Certificate, ClientCert, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

/// Most bytes of an answer: 8 MiB.
const MOST: u64 = 8 * 1024 * 1024;

/// Most bytes of an answer to what was shown: 64 KiB.
const MOST_POSTED: u64 = 64 * 1024;

/// Where systems keep the certificates that they trust.
const SYSTEM_ROOTS: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// How somebody is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// How long one answer may take.
    pub(crate) timeout: Duration,
    /// Certificates that may vouch for the server, as PEM; those of the system unless given.
    pub(crate) roots: Option<Vec<u8>>,
    /// What the client shows of itself: its certificates and their private key, as PEM.
    pub(crate) certificate: Option<Vec<u8>>,
    /// The proxy, as an address.
    pub(crate) proxy: Option<String>,
    /// Headers besides.
    pub(crate) headers: Vec<(String, String)>,
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Response {
    /// The status, such as 200.
    pub(crate) status: u16,
    /// The body as text.
    pub(crate) body: String,
    /// When it was given by the server's clock; `None` where it does not say, or another answered for it
    /// from what it had kept.
    pub(crate) date: Option<Stamp>,
}

/// Somebody who asks.
#[derive(Debug)]
pub(crate) struct Client {
    agent: ureq::Agent,
    headers: Vec<(String, String)>,
}

impl Client {
    /// Prepares to ask; nobody is asked yet.
    ///
    /// # Errors
    /// Certificates or an address of a proxy that cannot be read, in a sentence.
    pub(crate) fn new(settings: Settings) -> Result<Self, Reason> {
        let proxy = match &settings.proxy {
            Some(proxy) => Some(
                ureq::Proxy::new(proxy).map_err(|error| format!("the proxy {proxy}: {error}"))?,
            ),
            None => None,
        };
        let roots = match settings.roots {
            Some(pem) => certificates(&pem)?,
            None => system_roots(),
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::new_with_certs(&roots))
            .client_cert(settings.certificate.map(|pem| own_certificate(&pem)).transpose()?)
            .build();
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(settings.timeout))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(proxy)
            .tls_config(tls)
            .user_agent(concat!("d3p/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: config.into(), headers: settings.headers })
    }

    /// Asks `url` with these members of a query, once.
    ///
    /// # Errors
    /// Why there is no answer, in a few words.
    pub(crate) fn get(&self, url: &str, query: &[(&str, &str)]) -> Result<Response, Reason> {
        let mut request = self.agent.get(url);
        for (name, value) in query {
            request = request.query(*name, *value);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let mut response = request.call().map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let header = |name| response.headers().get(name).and_then(|own| own.to_str().ok());
        let date = header("date").filter(|_| header("age").is_none()).and_then(Stamp::of_http);
        let body = response.body_mut().with_config().limit(MOST).read_to_string();
        let body = body.map_err(|error| Reason::from(error.to_string()))?;
        Ok(Response { status, body, date })
    }
}

impl Client {
    /// Shows `url` these bytes, once; its status and the bytes of its answer.
    ///
    /// # Errors
    /// Why there is no answer, in a few words.
    pub(crate) fn post(
        &self,
        url: &str,
        content_type: &str,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), Reason> {
        let request = self.agent.post(url).header("Content-Type", content_type);
        let mut response = request.send(body).map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(MOST_POSTED).read_to_vec();
        let body = body.map_err(|error| Reason::from(error.to_string()))?;
        Ok((status, body))
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, Reason> {
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        match item.map_err(|error| format!("the certificates cannot be read: {error}"))? {
            PemItem::Certificate(own) => found.push(own),
            _ => return Err("there is something else than certificates among the roots".into()),
        }
    }
    if found.is_empty() {
        return Err("there is no certificate among the roots".into());
    }
    Ok(found)
}

/// A chain of certificates with its private key.
fn own_certificate(pem: &[u8]) -> Result<ClientCert, Reason> {
    let (mut chain, mut key) = (Vec::new(), None);
    for item in parse_pem(pem) {
        // What the item is about is secret: nothing of it is repeated.
        match item.map_err(|_| "the client's certificate is no PEM")? {
            PemItem::Certificate(own) => chain.push(own),
            PemItem::PrivateKey(own) => key = Some(own),
            _ => {}
        }
    }
    match key {
        Some(key) if !chain.is_empty() => Ok(ClientCert::new_with_certs(&chain, key)),
        _ => Err("the client's certificate needs a certificate and its private key, as PEM".into()),
    }
}

/// Those of the system; none where it has none, and then no server is trusted.
fn system_roots() -> Vec<Certificate<'static>> {
    let pem = SYSTEM_ROOTS.iter().find_map(|path| fs::read(path).ok()).unwrap_or_default();
    let certificate = |item| match item {
        Ok(PemItem::Certificate(own)) => Some(own),
        _ => None,
    };
    parse_pem(&pem).filter_map(certificate).collect()
}
