//! Places as short numbers. Of a path the first two parts are told apart, such as oblast and rayon: what lies closer than
//! that has the same buyer nearly always, and the buyer is a reason of its own.

use std::collections::HashMap;

use super::number::slot;
use super::profile::{Neighbours, Place};

/// No place that is known.
const NOWHERE: u32 = u32::MAX;

/// Where something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spot {
    region: u32,
    area: u32,
}

/// How near two places are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// Nothing in common, or not known.
    Apart,
    /// One widest part, such as an oblast.
    Region,
    /// The second part too, such as a rayon.
    Area,
}

impl Spot {
    /// A place that is not known.
    pub const UNKNOWN: Self = Self { region: NOWHERE, area: NOWHERE };

    /// Whether the place is known at all.
    pub const fn is_known(self) -> bool {
        self.region != NOWHERE
    }

    /// The number of the widest part.
    pub const fn region(self) -> u32 {
        self.region
    }

    /// The number of the first two parts.
    pub const fn area(self) -> u32 {
        self.area
    }

    /// How near two places are.
    pub const fn nearness(self, other: Self) -> Nearness {
        if self.region == NOWHERE || self.region != other.region {
            Nearness::Apart
        } else if self.area == NOWHERE || self.area != other.area {
            Nearness::Region
        } else {
            Nearness::Area
        }
    }
}

/// The places that were ever named.
#[derive(Debug, Default)]
pub struct Places(HashMap<Box<str>, u32>);

impl Places {
    /// The numbers of a place, which are learnt when they are new.
    pub fn learn(&mut self, place: Option<&Place>) -> Spot {
        let mut number = |path: String| {
            let next = slot(self.0.len());
            *self.0.entry(path.into_boxed_str()).or_insert(next)
        };
        spot(place, &mut number)
    }

    /// The numbers of a place; parts that were never named are nowhere.
    pub fn find(&self, place: Option<&Place>) -> Spot {
        spot(place, &mut |path: String| self.0.get(path.as_str()).copied().unwrap_or(NOWHERE))
    }
}

fn spot(place: Option<&Place>, number: &mut dyn FnMut(String) -> u32) -> Spot {
    match place.map(|place| place.0.as_slice()) {
        None | Some([]) => Spot::UNKNOWN,
        Some([region]) => Spot { region: number(region.clone()), area: NOWHERE },
        Some([region, area, ..]) => Spot { region: number(region.clone()), area: number(format!("{region}\n{area}")) },
    }
}

/// Whether a declared area covers a place: it is the place, holds it, or is held by it in part.
pub fn covers(area: &Place, place: &Place) -> bool {
    area.0.iter().zip(&place.0).all(|(left, right)| left == right)
}

/// Whether the first part of a place borders that of a declared area.
pub fn borders(neighbours: &Neighbours, area: &Place, place: &Place) -> bool {
    let (Some(home), Some(there)) = (area.0.first(), place.0.first()) else { return false };
    let lists = |from: &String, to: &String| neighbours.0.get(from).is_some_and(|list| list.contains(to));
    lists(home, there) || lists(there, home)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        Place(path.split('/').map(str::to_owned).collect())
    }

    #[test]
    fn places_are_as_near_as_their_common_parts() {
        let mut places = Places::default();
        let [town, other, far, city] = ["UA46/L/1/2", "UA46/L/3", "UA46/S/4", "UA80"].map(|path| places.learn(Some(&place(path))));
        assert_eq!(town.nearness(other), Nearness::Area);
        assert_eq!(town.nearness(far), Nearness::Region);
        assert_eq!(town.nearness(city), Nearness::Apart);
        assert_eq!(city.nearness(city), Nearness::Region, "an oblast alone is a weak place");
        assert_eq!(Spot::UNKNOWN.nearness(Spot::UNKNOWN), Nearness::Apart);
        assert_eq!(places.find(Some(&place("UA46/unheard/1"))).nearness(town), Nearness::Region);
    }

    #[test]
    fn a_declared_oblast_covers_its_towns_and_borders_the_next() {
        let neighbours = Neighbours([("UA46".to_owned(), vec!["UA26".to_owned()])].into());
        assert!(covers(&place("UA46"), &place("UA46/L/1")));
        assert!(!covers(&place("UA26"), &place("UA46/L/1")));
        assert!(borders(&neighbours, &place("UA26"), &place("UA46/L/1")));
    }
}
