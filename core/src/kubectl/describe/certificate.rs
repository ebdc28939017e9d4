//! Certificate signing requests: who asks, for what, and the subject that is written in the request itself (PKCS #10 in
//! DER). Models kubectl `pkg/describe` CertificateSigningRequestDescriber. Never checks a signature.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Page;
use crate::kubectl::Cx;
use crate::kubectl::tables::access::request_state;
use crate::object::Object;
use crate::text::{base64, duration, timestamp};

/// The fields of a subject that are lists, by the last byte of their identifier 2.5.4.x, in the order in which they are told.
const LISTS: &[(u8, &str)] = &[
    (10, "Organization"),
    (11, "Organizational Unit"),
    (6, "Country"),
    (7, "Locality"),
    (8, "Province"),
    (9, "StreetAddress"),
    (17, "PostalCode"),
];

/// The other names of a subject, by their tags.
const NAMES: &[(u8, &str)] = &[(0x82, "DNS Names"), (0x81, "Email Addresses"), (0x86, "URIs"), (0x87, "IP Addresses")];

const COMMON_NAME: u8 = 3;
const SERIAL_NUMBER: u8 = 5;
const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const ATTRIBUTES: u8 = 0xa0;

/// 2.5.4, of which the fields of a subject are.
const SUBJECT: &[u8] = &[0x55, 4];
/// 1.2.840.113549.1.9.14: extensions are asked for.
const EXTENSIONS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14];
/// 2.5.29.17: other names of the subject.
const OTHER_NAMES: &[u8] = &[0x55, 0x1d, 17];

/// Writes a request.
pub fn request(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    let pairs = |map: &mut dyn Iterator<Item = String>| {
        let all: Vec<String> = map.collect();
        if all.is_empty() { "<none>".to_string() } else { all.join(",") }
    };
    page.field(0, "Name", o.name());
    page.field(0, "Labels", &pairs(&mut o.meta.labels.iter().map(|(k, v)| [k.as_str(), "=", v.as_str()].concat())));
    page.field(0, "Annotations", &pairs(&mut o.meta.annotations.iter().map(|(k, v)| [k.as_str(), "=", v.as_str()].concat())));
    page.field(0, "CreationTimestamp", &o.meta.creation.map_or_else(String::new, timestamp::rfc1123z));
    page.field(0, "Requesting User", o.text_at("/spec/username"));
    if !o.text_at("/spec/signerName").is_empty() {
        page.field(0, "Signer", o.text_at("/spec/signerName"));
    }
    if let Some(seconds) = o.i64_at("/spec/expirationSeconds") {
        page.field(0, "Requested Duration", &duration::human(seconds.saturating_mul(1000)));
    }
    page.field(0, "Status", &request_state(o));
    let der = pem(o.text_at("/spec/request")).unwrap_or_default();
    let (subject, names) = parse(&der).unwrap_or_default();
    let of = |wanted: u8| -> Vec<&str> { subject.iter().filter(|(field, _)| *field == wanted).map(|(_, text)| text.as_str()).collect() };
    page.line("Subject:");
    page.line(&format!("\tCommon Name:\t{}", of(COMMON_NAME).last().unwrap_or(&"")));
    page.line(&format!("\tSerial Number:\t{}", of(SERIAL_NUMBER).last().unwrap_or(&"")));
    for (field, title) in LISTS {
        list(page, title, &of(*field));
    }
    if !names.is_empty() {
        page.line("Subject Alternative Names:");
        for (tag, title) in NAMES {
            let all: Vec<&str> = names.iter().filter(|(of, _)| of == tag).map(|(_, text)| text.as_str()).collect();
            list(page, title, &all);
        }
    }
}

fn list(page: &mut Page, title: &str, all: &[&str]) {
    if !all.is_empty() {
        page.line(&format!("\t{title}:\t{}", all.join("\n\t\t")));
    }
}

/// The bytes inside `-----BEGIN …` and `-----END …`, of base64 of all that.
fn pem(text: &str) -> Option<Vec<u8>> {
    let text = String::from_utf8(base64::decode(text).ok()?).ok()?;
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    base64::decode(&body).ok()
}

/// The first element of DER: its tag, what is in it, and what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, mut rest) = rest.split_first()?;
    let mut length = usize::from(*first);
    if length >= 0x80 {
        let (digits, after) = rest.split_at_checked(length - 0x80).filter(|(digits, _)| digits.len() <= 3)?;
        length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
        rest = after;
    }
    let (inside, after) = rest.split_at_checked(length)?;
    Some((*tag, inside, after))
}

/// The elements of DER, one after another.
fn elements(mut bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let mut all = Vec::new();
    while let Some((tag, inside, after)) = element(bytes) {
        all.push((tag, inside));
        bytes = after;
    }
    all
}

/// Texts with what they are: by field of the subject, and by tag of the other names.
type Texts = Vec<(u8, String)>;

fn parse(der: &[u8]) -> Option<(Texts, Texts)> {
    let (_, request, _) = element(der)?;
    let (_, info, _) = element(request)?;
    let parts = elements(info);
    let mut subject = Vec::new();
    for (_, set) in elements(parts.get(1)?.1) {
        for (_, pair) in elements(set) {
            if let [(_, id), (_, value), ..] = elements(pair).as_slice()
                && let Some([field]) = id.strip_prefix(SUBJECT)
            {
                subject.push((*field, String::from_utf8_lossy(value).into_owned()));
            }
        }
    }
    let mut names = Vec::new();
    let attributes = parts.iter().filter(|(tag, _)| *tag == ATTRIBUTES).flat_map(|(_, all)| elements(all));
    for (_, attribute) in attributes {
        let parts = elements(attribute);
        if let [(_, EXTENSIONS), (_, set), ..] = parts.as_slice() {
            let extensions = elements(set).into_iter().flat_map(|(_, all)| elements(all));
            extensions.for_each(|(_, extension)| other_names(extension, &mut names));
        }
    }
    Some((subject, names))
}

fn other_names(extension: &[u8], names: &mut Texts) {
    let parts = elements(extension);
    let (Some((_, id)), Some((OCTETS, value))) = (parts.first(), parts.last()) else { return };
    let Some((SEQUENCE, all, _)) = element(value).filter(|_| *id == OTHER_NAMES) else { return };
    for (tag, value) in elements(all) {
        let text = match (tag, value) {
            (0x87, [a, b, c, d]) => format!("{a}.{b}.{c}.{d}"),
            _ => String::from_utf8_lossy(value).into_owned(),
        };
        names.push((tag, text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subject_and_other_names() {
        let der = |tag: u8, inside: &[&[u8]]| {
            let body = inside.concat();
            [&[tag, u8::try_from(body.len()).unwrap()], body.as_slice()].concat()
        };
        let field = |id: u8, text: &str| der(0x31, &[&der(0x30, &[&der(6, &[&[0x55, 4, id]]), &der(0x0c, &[text.as_bytes()])])]);
        let names = der(0x30, &[&der(0x82, &[b"a.example.com"]), &der(0x87, &[&[10, 0, 0, 1]])]);
        let extension = der(0x30, &[&der(6, &[OTHER_NAMES]), &der(4, &[&names])]);
        let attribute = der(0x30, &[&der(6, &[EXTENSIONS]), &der(0x31, &[&der(0x30, &[&extension])])]);
        let subject = der(0x30, &[&field(10, "devs"), &field(3, "jane")]);
        let info = der(0x30, &[&[2, 1, 0], &subject, &der(0x30, &[]), &der(0xa0, &[&attribute])]);
        let (subject, names) = parse(&der(0x30, &[&info])).unwrap();
        assert_eq!(subject, [(10, "devs".to_string()), (3, "jane".to_string())]);
        assert_eq!(names, [(0x82, "a.example.com".to_string()), (0x87, "10.0.0.1".to_string())]);
        assert_eq!(parse(&[0x30, 0x85, 1, 1, 1, 1, 1]), None);
    }
}
