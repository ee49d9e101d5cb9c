//! One nonce per page: the only inline scripts and styles that the page's policy lets run.

use app::server::Nonce;
use http::Request;

/// Makes one, leaves it with the request for the page, and answers it for the policy.
pub(super) fn make<B>(request: &mut Request<B>) -> String {
    let mut random = [0u8; 16];
    // Without randomness there is no nonce to guess: the page's inline scripts then don't run.
    if getrandom::fill(&mut random).is_err() {
        return String::new();
    }
    let nonce: String = random.iter().flat_map(|byte| [hex(byte >> 4), hex(byte & 15)]).collect();
    request.extensions_mut().insert(Nonce(nonce.clone()));
    nonce
}

fn hex(digit: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(digit)])
}
