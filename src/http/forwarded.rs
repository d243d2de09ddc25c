//! From where a call comes: the address at the other end of the connection, or, where that is a proxy that the settings trust, the
//! one that it names in `Forwarded` (RFC 7239).
//!
//! The header is read from its end, where the nearest proxy wrote, and only as far as trusted proxies wrote it: what a caller puts
//! into it stays to the left and counts for nothing.

use std::net::{IpAddr, Ipv6Addr};

use axum::Extension;
use axum::http::HeaderMap;
use axum::http::header::FORWARDED;
use ipnet::IpNet;

/// The address at the other end of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The caller's address, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Bits of an address of IPv6 behind those that a household or a house is given as its own (RFC 6177).
const ITS_OWN: u32 = 72;

/// From where a call comes, as far as that is known: the caller's address, of IPv6 the network that is one house's. This machine is no
/// place: who calls from it is its operator, or comes through a proxy that nobody named.
#[must_use]
pub fn place(client: Option<Extension<ClientAddress>>) -> Option<IpAddr> {
    let Extension(ClientAddress(address)) = client?;
    match address {
        here if here.is_loopback() => None,
        IpAddr::V6(address) => Some(Ipv6Addr::from_bits(address.to_bits() >> ITS_OWN << ITS_OWN).into()),
        IpAddr::V4(_) => Some(address),
    }
}

/// Whether an address is that of a proxy that the settings trust.
#[must_use]
pub fn is_trusted(peer: IpAddr, trusted: &[IpNet]) -> bool {
    let peer = peer.to_canonical();
    trusted.iter().any(|network| network.contains(&peer))
}

/// The nearest address that no trusted proxy has, or that of the last proxy that says nothing that can be read.
#[must_use]
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut known = peer.to_canonical();
    let lines: Option<Vec<&str>> = headers.get_all(FORWARDED).iter().map(|line| line.to_str().ok()).collect();
    for step in rfc7239::parse(&lines.unwrap_or_default().join(",")).rev() {
        if !is_trusted(known, trusted) {
            break;
        }
        let named = step.ok().and_then(|step| step.forwarded_for).and_then(|node| node.ip().copied());
        let Some(named) = named else { break };
        known = named.to_canonical();
    }
    known
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::FORWARDED;

    use axum::Extension;

    use super::{ClientAddress, client, place};
    use crate::config::network;

    fn seen(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED, line.parse().expect("a header"));
        }
        let trusted = ["10.0.0.0/8", "192.0.2.43", "fd00::/8"].map(|text| network(text).expect("a network"));
        client(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_is_believed() {
        assert_eq!(seen("203.0.113.9", &["for=192.0.2.60"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["for=192.0.2.60"]), "192.0.2.60");
        assert_eq!(seen("::ffff:10.0.0.1", &["for=192.0.2.60"]), "192.0.2.60", "an IPv4 address in IPv6 is the same");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_examples_of_the_rfc_are_read() {
        for (line, client) in [
            ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
            ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"),
            ("for=198.51.100.17, for=192.0.2.43", "198.51.100.17"),
            ("for=192.0.2.43, for=\"[2001:db8:cafe::17]\"", "2001:db8:cafe::17"),
            ("for=\"192.0.2.60:4711\"", "192.0.2.60"),
            ("for=\"_gazonk\"", "10.0.0.1"),
            ("for=_hidden, for=_SEVKISEK", "10.0.0.1"),
            ("for=unknown", "10.0.0.1"),
        ] {
            assert_eq!(seen("10.0.0.1", &[line]), client, "{line}");
        }
    }

    #[test]
    fn the_header_is_read_from_its_end_as_far_as_trusted_proxies_wrote_it() {
        assert_eq!(seen("10.0.0.1", &["for=1.1.1.1", "for=198.51.100.17, for=10.0.0.2"]), "198.51.100.17", "what the caller wrote counts for nothing");
        assert_eq!(seen("fd00::1", &["for=10.0.0.3, for=10.0.0.2"]), "10.0.0.3", "all are proxies");
        assert_eq!(seen("10.0.0.1", &["for=\"1.1.1.1, for=198.51.100.17"]), "198.51.100.17", "an open quotation hides nothing");
        assert_eq!(seen("10.0.0.1", &["for=unknown, for=10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn a_network_of_ipv6_is_one_place() {
        let of = |address: &str| place(Some(Extension(ClientAddress(address.parse().expect("an address"))))).expect("a place").to_string();
        assert_eq!([of("2001:db8:0:1::1"), of("2001:db8:0:ff:ffff::2"), of("192.0.2.1")], ["2001:db8::", "2001:db8::", "192.0.2.1"]);
        assert_eq!(of("2001:db8:0:100::1"), "2001:db8:0:100::");
        assert_eq!(place(Some(Extension(ClientAddress("127.0.0.1".parse().expect("an address"))))), None);
    }

    #[test]
    fn what_cannot_be_read_leaves_the_address_that_is_known() {
        for line in ["", "nonsense", "for=", "for=10.0.0.300", "for=\"[::1\"", "proto=https", "for=198.51.100.17:port", ";;;", "for=198.51.100.17,"] {
            assert_eq!(seen("10.0.0.1", &[line]), "10.0.0.1", "{line}");
        }
    }
}
