//! TLS as libpq does it (<https://www.postgresql.org/docs/current/libpq-ssl.html>), by rustls.

use std::fmt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme, SupportedProtocolVersion};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::ConnectError;
use super::environment::Environment;
use super::keywords::Params;
use super::settings::{one_of, wrong};

/// `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl SslMode {
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(_, mode)| *mode == self).map_or("disable", |(word, _)| word)
    }
}

const WORDS: &[(&str, SslMode)] = &[
    ("disable", SslMode::Disable),
    ("allow", SslMode::Allow),
    ("prefer", SslMode::Prefer),
    ("require", SslMode::Require),
    ("verify-ca", SslMode::VerifyCa),
    ("verify-full", SslMode::VerifyFull),
];

/// Where trusted root certificates are.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Roots {
    File(PathBuf),
    System,
}

/// The `ssl*` settings.
#[derive(Clone, Debug)]
pub(super) struct TlsSettings {
    pub mode: SslMode,
    roots: Option<Roots>,
    client: Option<(PathBuf, PathBuf)>,
    oldest: Option<&'static SupportedProtocolVersion>,
    newest: Option<&'static SupportedProtocolVersion>,
    names_server: bool,
}

impl TlsSettings {
    pub fn disabled() -> Self {
        Self { mode: SslMode::Disable, roots: None, client: None, oldest: None, newest: None, names_server: true }
    }

    pub fn resolve(params: &Params, env: &Environment) -> Result<Self, ConnectError> {
        let file = |keyword: &str| params.get(keyword).filter(|value| !value.is_empty()).map(PathBuf::from);
        let in_home = |name: &str| env.home_file(".postgresql").map(|folder| folder.join(name)).filter(|file| file.exists());
        let roots = match params.get("sslrootcert") {
            Some("system") => Some(Roots::System),
            _ => file("sslrootcert").or_else(|| in_home("root.crt")).map(Roots::File),
        };
        let default = if roots == Some(Roots::System) { SslMode::VerifyFull } else { SslMode::Prefer };
        let mode = one_of(params, "sslmode", default, WORDS)?;
        if roots == Some(Roots::System) && mode < SslMode::VerifyFull {
            return Err(wrong(format!("sslrootcert=system needs sslmode=verify-full, not {}", mode.word())));
        }
        if let Some(Roots::File(file)) = &roots
            && mode >= SslMode::VerifyCa
            && !file.exists()
        {
            return Err(wrong(format!("root certificate file {} does not exist", file.display())));
        }
        if roots.is_none() && mode >= SslMode::VerifyCa {
            return Err(wrong(format!("sslmode={} needs root certificates: set sslrootcert to a file, or to \"system\"", mode.word())));
        }
        let no_client = params.get("sslcertmode") == Some("disable");
        let cert = file("sslcert").or_else(|| in_home("postgresql.crt")).filter(|_| !no_client);
        let client = match cert {
            Some(cert) => {
                let key = file("sslkey").or_else(|| in_home("postgresql.key"));
                Some((cert, key.ok_or_else(|| wrong("a client certificate without its key: set sslkey"))?))
            }
            None => None,
        };
        let versions =
            [("TLSv1", None), ("TLSv1.1", None), ("TLSv1.2", Some(&rustls::version::TLS12)), ("TLSv1.3", Some(&rustls::version::TLS13))];
        Ok(Self {
            mode,
            roots,
            client,
            oldest: one_of(params, "ssl_min_protocol_version", None, &versions)?,
            newest: one_of(params, "ssl_max_protocol_version", None, &versions[2..])?,
            names_server: one_of(params, "sslsni", true, &[("0", false), ("1", true)])?,
        })
    }

    /// What makes the encrypted connections of one attempt.
    pub fn connector(&self) -> Result<MakeRustlsConnect, ConnectError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Verifier { trust: self.trust()?, full: self.mode == SslMode::VerifyFull, provider: provider.clone() };
        let is_13 = |version: Option<&SupportedProtocolVersion>| version.is_some_and(|v| v.version == rustls::ProtocolVersion::TLSv1_3);
        let versions: &[&SupportedProtocolVersion] = match (is_13(self.oldest), self.newest.is_some() && !is_13(self.newest)) {
            (true, true) => return Err(wrong("ssl_min_protocol_version is above ssl_max_protocol_version")),
            (true, false) => &[&rustls::version::TLS13],
            (false, true) => &[&rustls::version::TLS12],
            (false, false) => rustls::ALL_VERSIONS,
        };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .map_err(|e| wrong(format!("TLS: {e}")))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match &self.client {
            None => builder.with_no_client_auth(),
            Some((cert, key)) => {
                let (chain, key) = (certificates(cert)?, private_key(key)?);
                builder.with_client_auth_cert(chain, key).map_err(|e| wrong(format!("client certificate {}: {e}", cert.display())))?
            }
        };
        config.enable_sni = self.names_server;
        config.alpn_protocols = vec![b"postgresql".to_vec()];
        Ok(MakeRustlsConnect::new(config))
    }

    /// The certificates that vouch for a server; `None` where it is not verified: below `verify-ca`, except that a root
    /// file that exists makes `require` verify as `verify-ca` does (libpq, "for backwards compatibility").
    fn trust(&self) -> Result<Option<Trust>, ConnectError> {
        let certs = match &self.roots {
            Some(Roots::File(file)) if self.mode >= SslMode::VerifyCa || (self.mode == SslMode::Require && file.exists()) => {
                certificates(file)?
            }
            Some(Roots::System) => rustls_native_certs::load_native_certs().certs,
            _ => return Ok(None),
        };
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(certs.iter().cloned());
        Ok(Some(Trust { store, certs }))
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let unusable = |e: &dyn fmt::Display| wrong(format!("certificate file {}: {e}", file.display()));
    let certs: Vec<_> =
        CertificateDer::pem_file_iter(file).map_err(|e| unusable(&e))?.collect::<Result<_, _>>().map_err(|e| unusable(&e))?;
    if certs.is_empty() { Err(unusable(&"no certificate in it")) } else { Ok(certs) }
}

/// Reads the client key under libpq's rule for its permissions: 0600, or 0640 where root owns it.
fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, ConnectError> {
    let unusable = |e: &dyn fmt::Display| wrong(format!("private key file {}: {e}", file.display()));
    let meta = std::fs::metadata(file).map_err(|e| unusable(&e))?;
    let others = if meta.uid() == 0 { 0o027 } else { 0o077 };
    if meta.permissions().mode() & others != 0 {
        return Err(unusable(&"others can read it; permissions must be u=rw (0600) or less"));
    }
    PrivateKeyDer::from_pem_file(file).map_err(|e| unusable(&e))
}

#[derive(Debug)]
struct Trust {
    store: RootCertStore,
    certs: Vec<CertificateDer<'static>>,
}

/// Verifies as much of a server's certificate as `sslmode` asks for.
#[derive(Debug)]
struct Verifier {
    trust: Option<Trust>,
    full: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(trust) = &self.trust else {
            return Ok(ServerCertVerified::assertion());
        };
        let cert = ParsedCertificate::try_from(end_entity)?;
        // a server's self-signed certificate may be the root itself, which webpki would refuse as a CA in use as end entity
        if !trust.certs.iter().any(|root| root == end_entity) {
            let algorithms = self.provider.signature_verification_algorithms.all;
            verify_server_cert_signed_by_trust_anchor(&cert, &trust.store, intermediates, now, algorithms)?;
        }
        if self.full {
            verify_server_name(&cert, server_name).map_err(|e| match e {
                rustls::Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) => {
                    rustls::Error::General(format!("the certificate's subjectAltName does not hold \"{}\"", server_name.to_str()))
                }
                other => other,
            })?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        if self.trust.is_none() {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        if self.trust.is_none() {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
