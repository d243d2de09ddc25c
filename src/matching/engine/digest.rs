//! What was matched, as a hash: the same inputs and the same engine give the same 32 bytes, and any other input gives others.

use sha2::{Digest as _, Sha256};

use super::profile::{Asks, Business, Capability, Certificate, Outcome, Package, PastWork, Place, Requirement, Text, Value};

/// A hash of inputs.
pub type Hash = [u8; 32];

/// The hash of a match: of its engine, its package and its business.
pub fn of_match(version: &str, package: &Hash, business: &Hash) -> Hash {
    let mut writer = Writer::default();
    writer.text(version);
    writer.0.update(package);
    writer.0.update(business);
    writer.0.finalize().into()
}

/// The hash of a package.
pub fn of_package(package: &Package) -> Hash {
    let Package { id, titles, descriptions, codes, category, sector, place, buyer, budget, starts, ends, today, requirements, contributions } = package;
    let mut writer = Writer::default();
    writer.bytes(&id.to_be_bytes());
    writer.list(titles, Writer::words);
    writer.list(descriptions, Writer::words);
    writer.list(codes, |writer, code| writer.text(code));
    for text in [category, sector, buyer] {
        writer.option(text.as_ref(), |writer, text| writer.text(text));
    }
    writer.option(place.as_ref(), Writer::place);
    writer.option(budget.as_ref(), Writer::value);
    for day in [starts, ends, &Some(*today)] {
        writer.option(day.as_ref(), |writer, day| writer.bytes(&day.to_be_bytes()));
    }
    writer.list(requirements, Writer::requirement);
    writer.list(contributions, |writer, text| writer.text(text));
    writer.0.finalize().into()
}

/// The hash of a business; the order in which its works were given does not matter.
pub fn of_business(business: &Business) -> Hash {
    let Business { id, name, seat, activities, capability, certificates, works } = business;
    let mut writer = Writer::default();
    writer.bytes(&id.to_be_bytes());
    writer.option(name.as_ref(), Writer::words);
    writer.option(seat.as_ref(), Writer::place);
    writer.list(activities, |writer, text| writer.text(text));
    writer.option(capability.as_ref(), Writer::capability);
    writer.list(certificates, Writer::certificate);
    let mut works: Vec<&PastWork> = works.iter().collect();
    works.sort_by_key(|work| work.id);
    writer.list(&works, |writer, work| writer.work(work));
    writer.0.finalize().into()
}

/// Writes values so that no two different ones are written alike: lengths before texts and lists, a mark before options.
#[derive(Default)]
struct Writer(Sha256);

impl Writer {
    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(&text.len().to_be_bytes());
        self.bytes(text.as_bytes());
    }

    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.bytes(&[u8::from(value.is_some())]);
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.bytes(&items.len().to_be_bytes());
        for item in items {
            write(self, item);
        }
    }

    fn words(&mut self, text: &Text) {
        let Text { words, language } = text;
        self.text(words);
        self.option(language.as_ref(), |writer, text| writer.text(text));
    }

    fn place(&mut self, place: &Place) {
        self.list(&place.0, |writer, part| writer.text(part));
    }

    fn value(&mut self, value: &Value) {
        let Value { amount, currency } = value;
        self.bytes(&amount.to_bits().to_be_bytes());
        self.text(currency);
    }

    fn certificate(&mut self, certificate: &Certificate) {
        let Certificate { code, valid_to } = certificate;
        self.text(code);
        self.option(valid_to.as_ref(), |writer, day| writer.bytes(&day.to_be_bytes()));
    }

    fn requirement(&mut self, requirement: &Requirement) {
        let Requirement { asks, must } = requirement;
        self.bytes(&[u8::from(*must)]);
        match asks {
            Asks::Certificate(code) => {
                self.bytes(b"c");
                self.text(code);
            }
            Asks::SimilarWorks { code, count } => {
                self.bytes(b"w");
                self.text(code);
                self.bytes(&count.to_be_bytes());
            }
            Asks::LargestContract(value) => {
                self.bytes(b"v");
                self.value(value);
            }
            Asks::Staff(people) => {
                self.bytes(b"s");
                self.bytes(&people.to_be_bytes());
            }
            Asks::Language(tag) => {
                self.bytes(b"l");
                self.text(tag);
            }
        }
    }

    fn capability(&mut self, capability: &Capability) {
        let Capability { codes, excluded_codes, service_area, with_neighbours, largest_contract, free_from, free_to, staff, languages, contributions } = capability;
        for texts in [codes, excluded_codes, languages, contributions] {
            self.list(texts, |writer, text| writer.text(text));
        }
        self.list(service_area, Self::place);
        self.bytes(&[u8::from(*with_neighbours)]);
        self.option(largest_contract.as_ref(), Self::value);
        for day in [free_from, free_to] {
            self.option(day.as_ref(), |writer, day| writer.bytes(&day.to_be_bytes()));
        }
        self.option(staff.as_ref(), |writer, people| writer.bytes(&people.to_be_bytes()));
    }

    fn work(&mut self, work: &PastWork) {
        let PastWork { id, title, code, category, place, buyer, value, day, outcome, bidders } = work;
        self.bytes(&id.to_be_bytes());
        self.words(title);
        for text in [code, category, buyer] {
            self.option(text.as_ref(), |writer, text| writer.text(text));
        }
        self.option(place.as_ref(), Self::place);
        self.option(value.as_ref(), Self::value);
        self.option(day.as_ref(), |writer, day| writer.bytes(&day.to_be_bytes()));
        self.bytes(&[u8::from(*outcome == Outcome::Won)]);
        self.option(bidders.as_ref(), |writer, bidders| writer.bytes(&bidders.to_be_bytes()));
    }
}
