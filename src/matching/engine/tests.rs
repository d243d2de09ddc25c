//! What the engine promises, as sentences; on businesses made up here.

use proptest::prelude::*;

use super::*;

const TODAY: Day = 20_600;

fn text(words: &str) -> Text {
    Text { words: words.to_owned(), language: Some("uk".to_owned()) }
}

fn place(path: &str) -> Place {
    Place(path.split('/').map(str::to_owned).collect())
}

fn hryvnias(amount: f64) -> Value {
    Value { amount, currency: "UAH".to_owned() }
}

fn work(id: Id, title: &str) -> PastWork {
    PastWork {
        id,
        title: text(title),
        code: Some("45231300".to_owned()),
        category: Some("works".to_owned()),
        place: Some(place("UA46/L/1")),
        buyer: Some("another".to_owned()),
        value: Some(hryvnias(900_000.0)),
        day: Some(TODAY - 400),
        outcome: Outcome::Won,
        bidders: Some(2),
    }
}

fn business(id: Id, works: Vec<PastWork>) -> Business {
    Business { id, name: None, seat: None, activities: Vec::new(), capability: None, certificates: Vec::new(), works }
}

fn package() -> Package {
    Package {
        id: 1,
        titles: vec![text("Капітальний ремонт мережі водопостачання")],
        descriptions: Vec::new(),
        codes: vec!["45231300".to_owned()],
        category: Some("works".to_owned()),
        sector: None,
        place: Some(place("UA46/L/1")),
        buyer: Some("buyer".to_owned()),
        budget: Some(hryvnias(1_000_000.0)),
        starts: Some(TODAY + 30),
        ends: Some(TODAY + 90),
        today: TODAY,
        requirements: Vec::new(),
        contributions: Vec::new(),
    }
}

/// One with a form that no title has, as near to one of [`town`] as to another.
fn near() -> Package {
    Package { titles: vec![text("Shkolla fillore")], ..package() }
}

fn index(businesses: impl IntoIterator<Item = Business>) -> Index {
    let mut index = Index::new(Neighbours([("UA46".to_owned(), vec!["UA26".to_owned()])].into()));
    for business in businesses {
        index.put(business);
    }
    index
}

/// Businesses of every sort, the same for the same seed.
fn town(seed: u64, count: u64) -> Vec<Business> {
    let titles = [
        "Капітальний ремонт водопровідної мережі",
        "Реконструкція системи водопостачання села",
        "Поточний ремонт дороги комунальної власності",
        "Капітальний ремонт покрівлі школи",
        "Будівництво котельні лікарні",
        "Renovimi i shkolles",
        "Renovimi i shkollave",
        "",
    ];
    let pick = |salt: u64, n: u64| vocabulary::mixed(seed ^ (salt << 20)) % n;
    let one = |i: u64| {
        let works = (0..pick(i, 4)).map(|k| {
            let salt = i * 31 + k * 7;
            PastWork {
                code: [Some("45231300"), Some("45233142"), None][usize::try_from(pick(salt + 1, 3)).unwrap()].map(str::to_owned),
                place: Some(place(["UA46/L/1", "UA46/S/2", "UA26/K/3"][usize::try_from(pick(salt + 2, 3)).unwrap()])),
                buyer: Some(["buyer", "another"][usize::try_from(pick(salt + 3, 2)).unwrap()].to_owned()),
                value: Some(hryvnias(number::large(10_000 + pick(salt + 4, 2_000_000)))),
                day: Some(TODAY - 100 - i32::try_from(pick(salt + 5, 2_000)).unwrap()),
                outcome: if pick(salt + 6, 3) == 0 { Outcome::Bid } else { Outcome::Won },
                ..work(Id::from(i * 100 + k), titles[usize::try_from(pick(salt, 8)).unwrap()])
            }
        });
        Business {
            name: (pick(i + 500, 3) == 0).then(|| text("Водопостачання Плюс")),
            seat: (pick(i + 600, 2) == 0).then(|| place("UA46/L/1")),
            activities: if pick(i + 700, 3) == 0 { vec!["42.21".to_owned()] } else { Vec::new() },
            capability: (pick(i + 800, 3) == 0).then(|| Capability { codes: vec!["45231300".to_owned()], ..Capability::default() }),
            ..business(Id::from(i + 1), works.collect())
        }
    };
    (0..count).map(one).collect()
}

fn told(capability: Capability) -> Business {
    Business { capability: Some(capability), ..business(1, Vec::new()) }
}

fn gate(business: Business, package: &Package, kind: GateKind) -> GateOutcome {
    let id = business.id;
    let found = index([business]).explain(package, id).unwrap();
    found.gates.iter().find(|gate| gate.kind == kind).unwrap().outcome
}

#[test]
fn the_place_that_is_told_is_the_one_in_the_list() {
    let index = index(town(7, 60));
    let shown = index.rank(&package(), 100, None).matches;
    assert!(shown.len() > 1);
    for id in 1..=60 {
        let place = shown.iter().position(|found| found.business == id);
        assert_eq!(index.explain_with_place(&package(), id), index.explain(&package(), id).map(|found| (found, place.map(|before| before + 1))));
    }
    assert_eq!(index.explain_with_place(&package(), 61), None);
}

#[test]
fn who_is_known_is_not_met_anew() {
    let works = |index: &Index| index.find(1).and_then(|number| index.business(number)).map(|entry| entry.works.len());
    let mut index = index([]);
    index.meet(business(1, vec![work(10, "Дах"), work(11, "Міст")]));
    index.meet(business(1, Vec::new()));
    assert_eq!(works(&index), Some(2), "what is met may have been read before a change that is known already");
    index.put(business(1, Vec::new()));
    assert_eq!(works(&index), Some(0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_piece_of_evidence_taken_away_is_missed_by_its_criterion_alone(seed in 0_u64..100_000) {
        let index = index(town(seed, 30));
        for found in index.rank(&package(), 10, None).matches {
            let sum: f64 = found.criteria.iter().map(Criterion::points).sum();
            prop_assert_eq!(sum.to_bits(), found.total().to_bits());
            for (which, criterion) in found.criteria.iter().enumerate() {
                for piece in 0..criterion.evidence.len() {
                    let mut less = found.clone();
                    less.criteria[which].evidence.remove(piece);
                    prop_assert!(less.criteria[which].points() < criterion.points(), "{:?}", criterion);
                    prop_assert!(less.total() < found.total());
                    for (other, kept) in found.criteria.iter().enumerate().filter(|(other, _)| *other != which) {
                        prop_assert_eq!(less.criteria[other].points().to_bits(), kept.points().to_bits());
                    }
                }
            }
        }
    }

    #[test]
    fn the_order_of_insertion_does_not_matter(seed in 0_u64..100_000) {
        let forth = town(seed, 25);
        let back: Vec<Business> = forth.iter().cloned().rev().collect();
        let (forth, back) = (index(forth), index(back));
        for package in [package(), near()] {
            prop_assert_eq!(forth.rank(&package, 20, None), back.rank(&package, 20, None));
        }
    }

    #[test]
    fn an_index_kept_in_step_answers_as_one_built_anew(seed in 0_u64..100_000) {
        let (before, after) = (town(seed, 25), town(seed + 1, 25));
        let mut kept = index(before);
        for business in &after[..15] {
            kept.put(business.clone());
        }
        for id in 16..=25 {
            kept.remove(id);
        }
        let anew = index(after.into_iter().take(15));
        prop_assert_eq!(kept.len(), anew.len());
        for package in [package(), near()] {
            prop_assert_eq!(kept.rank(&package, 20, None), anew.rank(&package, 20, None));
        }
        for id in 1..=25 {
            prop_assert_eq!(kept.explain(&package(), id), anew.explain(&package(), id));
        }
    }
}

#[test]
fn inflected_titles_are_found() {
    let found = index([
        business(1, vec![PastWork { code: None, place: None, ..work(10, "Роботи з ремонту мережею водопостачанням") }]),
        business(2, vec![PastWork { code: None, place: None, ..work(20, "Фарбування паркану") }]),
    ])
    .rank(&package(), 10, None);
    assert_eq!(found.matches[0].business, 1);
    let experience = found.matches[0].criteria.iter().find(|criterion| criterion.kind == CriterionKind::Experience).unwrap();
    assert_eq!(experience.evidence[0].work, Some(10));
    assert!(experience.evidence[0].similarity.unwrap() > 0.4);
}

fn points(found: &Match, kind: CriterionKind) -> f64 {
    found.criteria.iter().find(|criterion| criterion.kind == kind).map_or(0.0, Criterion::points)
}

/// Businesses elsewhere that repair all sorts of things, so that the words of repair say little.
fn others() -> impl Iterator<Item = Business> {
    let things =
        ["паркану", "ліфта", "фасаду", "дороги", "мосту", "котельні", "стадіону", "спортзалу", "їдальні", "підлоги", "вікон", "дверей", "кабінету", "скверу", "тротуару", "клубу"];
    let repaired =
        |(id, thing): (Id, &str)| PastWork {
            code: Some("45453000".to_owned()), place: Some(place("UA26/K/3")), ..work(1_000 + id, &format!("Капітальний ремонт {thing}"))
        };
    (0..).zip(things).map(move |(id, thing)| business(100 + id, vec![repaired((id, thing))]))
}

/// A roofer of this very place with many works and buyers, and a water firm from afar with one work long ago.
fn roofer_and_water_firm() -> [Business; 2] {
    let roof = |id: Id| PastWork {
        code: Some("45261900".to_owned()),
        buyer: Some(format!("buyer {id}")),
        value: Some(hryvnias(20_000.0 * number::large(u64::try_from(id * id).unwrap()))),
        ..work(id, "Капітальний ремонт покрівлі школи")
    };
    let roofer = Business { seat: Some(place("UA46/L/1")), ..business(1, (10..40).map(roof).collect()) };
    let pipes = PastWork {
        place: Some(place("UA26/K/3")), day: Some(TODAY - 1_500), ..work(50, "Капітальний ремонт мережі водопостачання міста")
    };
    [roofer, Business { seat: Some(place("UA26/K/3")), ..business(2, vec![pipes]) }]
}

#[test]
fn to_be_near_does_not_outdo_to_be_able() {
    let index = index(others().chain(roofer_and_water_firm()));
    let found = index.rank(&package(), 2, None).matches;
    assert_eq!(found.iter().map(|found| found.business).collect::<Vec<_>>(), [2, 1]);
    let able = index.explain(&package(), 2).unwrap();
    let near = index.explain(&package(), 1).unwrap();
    assert!(points(&able, CriterionKind::Experience) > points(&near, CriterionKind::Locality), "{near:#?}");
}

#[test]
fn to_be_near_counts_as_far_as_the_works_fit() {
    let [roofer, _] = roofer_and_water_firm();
    let able = Business { id: 3, works: vec![work(60, "Капітальний ремонт мережі водопостачання")], ..roofer.clone() };
    let silent = Business { id: 4, works: Vec::new(), ..roofer.clone() };
    let index = index(others().chain([roofer, able, silent]));
    let [roofer, able, silent] = [1, 3, 4].map(|id| points(&index.explain(&package(), id).unwrap(), CriterionKind::Locality));
    assert!(roofer < 0.6 * able, "{roofer} {able}");
    assert!(0.0 < silent && silent < able, "what it does is not known, so that it is neither held against it nor for it");
}

#[test]
fn an_oblast_alone_is_a_weak_place() {
    let seated =
        |id, seat: &str| Business { seat: Some(place(seat)), ..business(id, vec![work(id * 10, "Капітальний ремонт мережі водопостачання")]) };
    let mut package = package();
    let near = |package: &Package| {
        let index = index([seated(1, "UA46"), seated(2, "UA46/L/1")]);
        [1, 2].map(|id| index.explain(package, id).unwrap().criteria.into_iter().find(|criterion| criterion.kind == CriterionKind::Locality).unwrap().points())
    };
    let [oblast, hromada] = near(&package);
    assert!(oblast < hromada);
    package.place = Some(place("UA46"));
    let [oblast, hromada] = near(&package);
    assert_eq!(oblast.to_bits(), hromada.to_bits());
}

#[test]
fn many_weak_works_are_not_a_good_one() {
    let weak = (10..90).map(|id| PastWork { code: None, place: None, value: None, ..work(id, "Поточний ремонт мережі освітлення") });
    let good = PastWork { code: None, place: None, value: None, ..work(95, "Капітальний ремонт мережі водопостачання") };
    let index = index([business(1, weak.collect()), business(2, vec![good])]);
    let [many, one] = [1, 2].map(|id| points(&index.explain(&package(), id).unwrap(), CriterionKind::Experience));
    assert!(many < one, "{many} {one}");
}

#[test]
fn works_for_the_same_buyer_are_a_reason_of_their_own() {
    let works = vec![PastWork { buyer: Some("buyer".to_owned()), ..work(10, "Ремонт водопостачання") }];
    let found = index([business(1, works)]).explain(&package(), 1).unwrap();
    assert!(found.criteria.iter().any(|criterion| criterion.kind == CriterionKind::Incumbency));
    assert!(found.criteria.iter().all(|criterion| criterion.kind != CriterionKind::Experience));
}

#[test]
fn a_business_without_history_is_found_by_what_it_declares() {
    let declared = told(Capability { codes: vec!["45231300".to_owned()], service_area: vec![place("UA46")], ..Capability::default() });
    let active = Business { id: 2, activities: vec!["42.21".to_owned()], seat: Some(place("UA46/S/2")), ..business(2, Vec::new()) };
    let named = Business { name: Some(text("ТОВ Водопостачання")), ..business(3, Vec::new()) };
    let found = index([declared, active, named]).rank(&package(), 10, None);
    assert_eq!(found.matches.iter().map(|found| found.business).collect::<std::collections::BTreeSet<_>>(), [1, 2, 3].into());
}

#[test]
fn what_is_unknown_lowers_the_confidence_and_not_the_score() {
    let plain = business(1, vec![work(10, "Ремонт водопостачання")]);
    let full = Business {
        id: 1,
        capability: Some(Capability { staff: Some(5), free_from: Some(TODAY), largest_contract: Some(hryvnias(1.0e9)), ..Capability::default() }),
        certificates: vec![Certificate { code: "ISO9001".to_owned(), valid_to: None }],
        ..plain.clone()
    };
    let dear = Package { budget: Some(hryvnias(400_000_000.0)), ..package() };
    let [of_known, of_unknown] = [Some(hryvnias(1_000_000.0)), None].map(|value| business(1, vec![PastWork { value, ..work(10, "Ремонт водопостачання") }]));
    let [of_known, of_unknown] = [of_known, of_unknown].map(|business| index([business]).explain(&dear, 1).unwrap());
    assert!(
        of_unknown.total() > of_known.total() && of_unknown.confidence < of_known.confidence,
        "a work without its value says nothing of size: {} {} {} {}",
        of_unknown.total(),
        of_known.total(),
        of_unknown.confidence,
        of_known.confidence
    );
    let package = Package { budget: None, ..package() };
    let [plain, full] = [plain, full].map(|business| index([business]).explain(&package, 1).unwrap());
    assert!(plain.confidence < full.confidence);
    assert_eq!(plain.total().to_bits(), full.total().to_bits());
    assert!(plain.gates.iter().all(|gate| gate.outcome != GateOutcome::Failed));
}

#[test]
fn excluded_codes_rule_a_business_out() {
    let excluding = |code: &str| told(Capability { excluded_codes: vec![code.to_owned()], ..Capability::default() });
    assert_eq!(gate(excluding("45231"), &package(), GateKind::Exclusions), GateOutcome::Failed);
    assert_eq!(gate(excluding("45233"), &package(), GateKind::Exclusions), GateOutcome::Passed);
    assert_eq!(gate(business(1, Vec::new()), &package(), GateKind::Exclusions), GateOutcome::Unknown);
}

#[test]
fn a_service_area_holds_its_places_and_with_neighbours_those_next_to_it() {
    let serving = |area: &str, with_neighbours| told(Capability { service_area: vec![place(area)], with_neighbours, ..Capability::default() });
    assert_eq!(gate(serving("UA46", false), &package(), GateKind::ServiceArea), GateOutcome::Passed);
    assert_eq!(gate(serving("UA26", false), &package(), GateKind::ServiceArea), GateOutcome::Failed);
    assert_eq!(gate(serving("UA26", true), &package(), GateKind::ServiceArea), GateOutcome::Passed);
    assert_eq!(gate(told(Capability::default()), &package(), GateKind::ServiceArea), GateOutcome::Unknown);
}

#[test]
fn a_business_that_is_busy_is_no_match() {
    let free = |from, to| told(Capability { free_from: from, free_to: to, ..Capability::default() });
    assert_eq!(gate(free(Some(TODAY), Some(TODAY + 100)), &package(), GateKind::Availability), GateOutcome::Passed);
    assert_eq!(gate(free(Some(TODAY + 40), None), &package(), GateKind::Availability), GateOutcome::Failed);
    assert_eq!(gate(free(None, Some(TODAY + 60)), &package(), GateKind::Availability), GateOutcome::Failed);
    assert_eq!(gate(free(None, None), &package(), GateKind::Availability), GateOutcome::Unknown);
}

#[test]
fn amounts_in_another_currency_are_unknown() {
    let carrying = |amount, currency: &str| told(Capability { largest_contract: Some(Value { amount, currency: currency.to_owned() }), ..Capability::default() });
    assert_eq!(gate(carrying(2.0e6, "UAH"), &package(), GateKind::ContractSize), GateOutcome::Passed);
    assert_eq!(gate(carrying(5.0e5, "UAH"), &package(), GateKind::ContractSize), GateOutcome::Failed);
    assert_eq!(gate(carrying(5.0e5, "EUR"), &package(), GateKind::ContractSize), GateOutcome::Unknown);
}

#[test]
fn a_certificate_must_last_through_the_works() {
    let mut package = package();
    package.requirements = vec![Requirement { asks: Asks::Certificate("ISO9001".to_owned()), must: true }];
    let holding = |valid_to| Business { certificates: vec![Certificate { code: "ISO9001".to_owned(), valid_to }], ..business(1, Vec::new()) };
    let other = Business { certificates: vec![Certificate { code: "ISO14001".to_owned(), valid_to: None }], ..business(1, Vec::new()) };
    assert_eq!(gate(holding(None), &package, GateKind::Certificate), GateOutcome::Passed);
    assert_eq!(gate(holding(Some(TODAY + 90)), &package, GateKind::Certificate), GateOutcome::Passed);
    assert_eq!(gate(holding(Some(TODAY + 89)), &package, GateKind::Certificate), GateOutcome::Failed);
    assert_eq!(gate(other, &package, GateKind::Certificate), GateOutcome::Failed);
    assert_eq!(gate(business(1, Vec::new()), &package, GateKind::Certificate), GateOutcome::Unknown);
}

#[test]
fn demands_are_met_by_what_was_done_or_declared() {
    let mut package = package();
    let mut ask = |asks| {
        package.requirements = vec![Requirement { asks, must: true }];
        package.clone()
    };
    let similar = ask(Asks::SimilarWorks { code: "45231".to_owned(), count: 2 });
    let done = |count: Id| business(1, (0..count).map(|id| work(id, "Ремонт")).collect());
    assert_eq!(gate(done(2), &similar, GateKind::SimilarWorks), GateOutcome::Passed);
    assert_eq!(gate(done(1), &similar, GateKind::SimilarWorks), GateOutcome::Unknown, "it may have done more than is known");
    assert_eq!(gate(done(0), &similar, GateKind::SimilarWorks), GateOutcome::Unknown);

    let large = ask(Asks::LargestContract(hryvnias(800_000.0)));
    assert_eq!(gate(done(1), &large, GateKind::LargestContract), GateOutcome::Passed);
    assert_eq!(gate(done(0), &large, GateKind::LargestContract), GateOutcome::Unknown);

    let staff = ask(Asks::Staff(10));
    assert_eq!(gate(told(Capability { staff: Some(10), ..Capability::default() }), &staff, GateKind::Staff), GateOutcome::Passed);
    assert_eq!(gate(told(Capability { staff: Some(9), ..Capability::default() }), &staff, GateKind::Staff), GateOutcome::Failed);

    let language = ask(Asks::Language("en".to_owned()));
    let speaking = |tag: &str| told(Capability { languages: vec![tag.to_owned()], ..Capability::default() });
    assert_eq!(gate(speaking("en-GB"), &language, GateKind::Language), GateOutcome::Passed);
    assert_eq!(gate(speaking("uk"), &language, GateKind::Language), GateOutcome::Failed);
}

#[test]
fn a_business_that_fails_a_gate_is_left_out_and_can_be_told_why() {
    let index = index([told(Capability { codes: vec!["45231300".to_owned()], service_area: vec![place("UA80")], ..Capability::default() })]);
    let ranking = index.rank(&package(), 10, None);
    assert!(ranking.matches.is_empty());
    assert_eq!((ranking.passed, ranking.failed), (0, 1));
    let found = index.explain(&package(), 1).unwrap();
    assert!(!found.passes());
    assert!(found.gates.iter().any(|gate| gate.outcome == GateOutcome::Failed && gate.cure.is_some()));
}

#[test]
fn packages_are_ranked_for_a_business() {
    let index = index([business(1, vec![work(10, "Ремонт водопостачання")])]);
    let road = Package { id: 2, titles: vec![text("Ремонт дороги")], codes: vec!["45233142".to_owned()], ..package() };
    let places: Vec<usize> = index.score_packages(1, &[&road, &package()], 10, None, &|| true).best.into_iter().map(|found| found.at).collect();
    assert_eq!(places, [1, 0]);
}

#[test]
fn the_hash_of_the_inputs_changes_with_them() {
    let once = index([business(1, vec![work(10, "Ремонт")])]);
    let twice = index([business(1, vec![work(10, "Ремонт"), work(11, "Ремонт")])]);
    let hash = |index: &Index, package: &Package| index.explain(package, 1).unwrap().inputs_hash;
    let later = Package { today: TODAY + 1, ..package() };
    assert_eq!(hash(&once, &package()), hash(&once, &package()));
    assert_ne!(hash(&once, &package()), hash(&twice, &package()));
    assert_ne!(hash(&once, &package()), hash(&once, &later));
}

#[test]
fn the_strongest_work_is_the_sentence() {
    let found = index([business(1, vec![work(10, "Капітальний ремонт мережі водопостачання")])]).explain(&package(), 1).unwrap();
    let experience = found.criteria.iter().find(|criterion| criterion.kind == CriterionKind::Experience).unwrap();
    assert_eq!(experience.reason.uk, "Виконано у 2025 році дуже подібну роботу на тій самій території за подібною вартістю.");
    assert_eq!(experience.reason.en, "Did very similar work in 2025 in the same area at a similar value.");
    assert!(experience.evidence[0].parts.iter().any(|(part, points)| *part == Part::Title && *points != 0.0));
}

#[test]
fn the_confidence_is_in_whole_hundredths_and_falls_with_what_the_package_lacks() {
    let index = index([business(1, vec![work(10, "Ремонт")])]);
    let full = index.explain(&package(), 1).unwrap();
    let bare = index.explain(&Package { place: None, codes: Vec::new(), starts: None, ends: None, budget: None, ..package() }, 1).unwrap();
    assert!((full.confidence * 100.0).fract().abs() < 1e-9 && full.confidence.to_string().len() <= 4, "{}", full.confidence);
    assert!(bare.confidence < full.confidence);
    let turns = |found: &Match, turn| found.unknowns.iter().filter(|unknown| unknown.turn == turn).count();
    assert_eq!((turns(&full, Turn::Municipality), turns(&bare, Turn::Municipality)), (0, 4));
    assert_eq!(turns(&full, Turn::Business), turns(&bare, Turn::Business), "what the business did not say is the same");
}

#[test]
fn packages_that_a_gate_rules_out_are_counted() {
    let index = index([told(Capability { service_area: vec![place("UA80")], ..Capability::default() })]);
    let suitable = index.score_packages(1, &[&package()], 10, None, &|| true);
    assert_eq!((suitable.best.len(), suitable.failed), (0, 1));
}

#[test]
fn what_is_unknown_is_not_asked_to_be_larger() {
    let mut found = index([business(1, Vec::new())]).explain(&package(), 1).unwrap();
    found.gates.retain(|gate| gate.kind == GateKind::ContractSize);
    assert_eq!(found.gates[0].cure.as_ref().unwrap().uk, "Укажіть у профілі найбільший договір, який можете виконати.");
    let from = told(Capability { free_from: Some(TODAY + 100), ..Capability::default() });
    let gates = index([from]).explain(&package(), 1).unwrap().gates;
    let busy = gates.iter().find(|gate| gate.kind == GateKind::Availability).unwrap();
    assert!(!busy.reason.uk.contains('…') && busy.reason.uk.starts_with("Компанія вільна з "), "{}", busy.reason.uk);
}

#[test]
fn a_work_far_beyond_all_that_a_business_did_is_nothing_for_it_unless_it_says_so() {
    let small = |id| business(id, vec![PastWork { value: Some(hryvnias(25_000.0)), ..work(id * 10, "Реконструкція мережі опалення квартири") }]);
    let mut declared = small(2);
    declared.capability = Some(Capability { largest_contract: Some(hryvnias(900_000_000.0)), ..Capability::default() });
    let index = index([small(1), declared]);
    let fits = Package { budget: Some(hryvnias(200_000.0)), ..package() };
    let beyond = Package { budget: Some(hryvnias(424_000_000.0)), ..package() };
    let subject = |package: &Package, id| {
        index.explain(package, id).unwrap().criteria.iter().filter(|criterion| criterion.kind == CriterionKind::Subject).map(Criterion::points).sum::<f64>()
    };
    assert!(subject(&fits, 1) > 0.2 && subject(&beyond, 1) < 0.01 * subject(&fits, 1), "{} {}", subject(&fits, 1), subject(&beyond, 1));
    assert!((subject(&beyond, 2) - subject(&fits, 2)).abs() < f64::EPSILON, "who says what it can carry is taken at its word");
    let size = index.explain(&beyond, 1).unwrap().gates.into_iter().find(|gate| gate.kind == GateKind::ContractSize).unwrap();
    assert!(size.outcome == GateOutcome::Unknown && size.reason.uk.contains("25\u{a0}000\u{a0}UAH"), "{}", size.reason.uk);
}

#[test]
fn shared_words_are_named_with_a_work_that_has_them() {
    let index = index([business(1, vec![work(10, "Ремонт дороги"), work(11, "Ремонт водопостачання")])]);
    let found = index.explain(&package(), 1).unwrap();
    let subject = found.criteria.iter().find(|criterion| criterion.kind == CriterionKind::Subject).unwrap();
    assert_eq!(subject.evidence[0].work, Some(11));
    assert_eq!(subject.evidence[0].reason.uk, "Слово «водопостачання» є в назвах робіт.");
    assert_eq!(subject.evidence[1].reason.en, "Its works have the word «ремонт».");
    assert_eq!(subject.reason.uk, "Має роботу, в назві якої є слова «водопостачання», «ремонт».");
}

#[test]
fn shared_words_are_as_the_package_writes_them() {
    let index = index([business(1, vec![work(10, "Ремонт об'єкта")])]);
    for title in ["Об’єкт водопостачання", "О\u{0301}б’єкт водопостачання"] {
        let found = index.explain(&Package { titles: vec![text(title)], ..package() }, 1).unwrap();
        let subject = found.criteria.iter().find(|criterion| criterion.kind == CriterionKind::Subject).unwrap();
        assert!(subject.reason.uk.ends_with("б’єкт»."), "{}", subject.reason.uk);
    }
}

#[test]
fn an_unknown_form_of_a_word_without_a_stemmer_is_read_as_its_nearest() {
    let mut index = index([business(1, vec![work(10, "Renovimi i shkolles")]), business(2, vec![work(20, "Rruga e re")])]);
    let asked = Package { titles: vec![text("Shkolla fillore")], codes: Vec::new(), ..package() };
    let ranking = index.rank(&asked, 10, None);
    let subject = |found: &Match| found.criteria.iter().find(|criterion| criterion.kind == CriterionKind::Subject).map(|criterion| criterion.reason.en.clone());
    assert_eq!(ranking.matches[0].business, 1);
    assert_eq!(subject(&ranking.matches[0]).as_deref(), Some("Has a work whose title has the word «shkolla»."));
    assert_eq!(ranking.matches.get(1).and_then(subject), None);
    index.remove(1);
    index.put(business(1, vec![work(10, "Renovimi")]));
    assert_eq!(index.explain(&asked, 1).as_ref().and_then(subject), None, "a form that left the titles is near to nothing");
}

#[test]
fn what_it_is_done_to_says_more_than_what_is_done() {
    let titles = ["Реконструкція системи гарячого опалення", "Ремонт водопровідної мережі", "Ремонт водопровідної мережі", "Ремонт вікон", "Ремонт вікон"];
    let index = index((1..).zip(titles).map(|(id, title)| business(id, vec![work(id * 10, title)])));
    let ranking = index.rank(&Package { titles: vec![text("Реконструкція водопровідної мережі")], ..package() }, 10, None);
    let points = |id: Id| {
        ranking
            .matches
            .iter()
            .find(|found| found.business == id)
            .and_then(|found| found.criteria.iter().find(|criterion| criterion.kind == CriterionKind::Subject))
            .unwrap()
            .points()
    };
    assert!(points(2) > 2.0 * points(1), "{} {}", points(2), points(1));
}

#[test]
fn a_met_wish_and_a_declared_code_are_named() {
    let declared = Capability { codes: vec!["45200000".to_owned(), "45231000".to_owned()], staff: Some(12), ..Capability::default() };
    let wish = |asks| Requirement { asks, must: false };
    let asked = Package { requirements: vec![wish(Asks::Language("de".to_owned())), wish(Asks::Staff(10))], ..package() };
    let found = index([told(declared)]).explain(&asked, 1).unwrap();
    let reasons: Vec<&str> = found.criteria.iter().flat_map(|criterion| &criterion.evidence).map(|piece| piece.reason.en.as_str()).collect();
    assert!(reasons.contains(&"Can send at least 10 people.") && reasons.contains(&"Has said that it does works under code 45231000."), "{reasons:?}");
}

#[test]
fn a_budget_far_from_usual_contracts_is_not_called_close() {
    let index = index([business(1, vec![work(10, "Ремонт")])]);
    let usual = |budget| {
        let found = index.explain(&Package { budget: Some(hryvnias(budget)), ..package() }, 1).unwrap();
        found.criteria.iter().any(|criterion| criterion.kind == CriterionKind::Value)
    };
    assert!(usual(4_000_000.0) && !usual(5_000_000.0) && !usual(100_000.0), "900,000 and five times as much or as little");
}

#[test]
fn those_for_whom_next_to_nothing_speaks_are_not_shown() {
    let index = index([business(1, vec![PastWork { code: Some("33690000".to_owned()), place: None, category: None, value: None, ..work(10, "Вікна") }])]);
    let ranking = index.rank(&package(), 10, None);
    assert!(ranking.matches.is_empty() && ranking.passed == 0, "{:?}", ranking.matches.first().map(Match::total));
    assert!(index.explain(&package(), 1).unwrap().total() < weights::LEAST, "why not tells so all the same");
}

#[test]
fn pages_of_packages_are_those_of_the_whole_list_and_stop_when_nobody_waits() {
    let index = index(town(7, 30));
    let titles = ["Ремонт водопровідної мережі", "Ремонт дороги", "Ремонт покрівлі школи", "Будівництво котельні", "Реконструкція водопостачання"];
    let packages: Vec<Package> = (0..40)
        .map(|id| Package {
            id,
            titles: vec![text(titles[usize::try_from(id % 5).unwrap()])],
            budget: Some(hryvnias(200_000.0 * f64::from(u32::try_from(id + 1).unwrap()))),
            ..package()
        })
        .collect();
    let packages: Vec<&Package> = packages.iter().collect();
    let mut several = 0;
    for business in town(7, 30) {
        let whole = index.score_packages(business.id, &packages, usize::MAX, None, &|| true);
        assert!(whole.best.is_sorted_by(|one, other| one.rank.order(&other.rank).is_lt()));
        let (mut after, mut paged) = (None, Vec::new());
        loop {
            let page = index.score_packages(business.id, &packages, 3, after, &|| true);
            let Some(last) = page.best.last() else { break };
            after = Some(last.rank);
            paged.extend(page.best);
        }
        several += usize::from(paged.len() > 3);
        assert_eq!(paged, whole.best);
    }
    assert!(several > 5, "{several}");
    assert_eq!(index.score_packages(town(7, 30)[0].id, &packages, 3, None, &|| false).best, []);
}
