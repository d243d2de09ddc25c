//! The thread of the demonstration: who watches, who needs what, which projects answer, which calls are open.

use chrono::TimeDelta;
use entity::need::Urgency;
use entity::organisation::Kind;
use entity::requirement;
use entity::{call, need, project};
use uuid::Uuid;

use super::{ADMINISTRATOR, ASSOCIATION, BUSINESS, DONOR, Login, MUNICIPALITY, OTHERS, UTILITY, actor, both, cpv, day, edrpou, hryvnias, katottg, uk};
use crate::app::App;
use crate::error::{Error, Result};
use crate::interests::service::{Offer, Submit};
use crate::locale::Translations;
use crate::organisations::service::Register;
use crate::projects::rules::Asked;
use crate::projects::service::Package;
use crate::reference::codes::KatottgCode;
use crate::{calls, interests, needs, organisations, programmes, projects, reference, verification};

const KHOTYN: &str = "UA73040190000062796";
const HOSHCHA: &str = "UA56060170000073171";
const BASHTANKA: &str = "UA48020010000091496";
const MYRHOROD: &str = "UA53060230000098362";
const NIZHYN: &str = "UA74040250000063494";

/// The hromadas of the story, with their names: the codes that are built in end with the oblasts.
const HROMADAS: [(&str, &str, &str); 5] = [
    (KHOTYN, "Хотинська", "Khotynska"),
    (HOSHCHA, "Гощанська", "Hoshchanska"),
    (BASHTANKA, "Баштанська", "Bashtanska"),
    (MYRHOROD, "Миргородська", "Myrhorodska"),
    (NIZHYN, "Ніжинська", "Nizhynska"),
];

pub(super) async fn fill(app: &App) -> Result<()> {
    let hromadas = HROMADAS.into_iter().map(|(code, uk, en)| Ok((katottg(code)?, uk, en))).collect::<Result<Vec<_>>>()?;
    reference::service::add_hromadas(app, &hromadas).await?;
    let association =
        organisation(app, ASSOCIATION, 1, Kind::Association, both("Асоціація громад (демонстрація)", "Association of communities (demonstration)"), None, None).await?;
    let donor = organisation(app, DONOR, 2, Kind::Donor, both("Фонд відновлення (демонстрація)", "Recovery fund (demonstration)"), None, None).await?;
    let khotyn =
        organisation(app, MUNICIPALITY, 3, Kind::Municipality, both("Хотинська громада (демонстрація)", "Khotyn municipality (demonstration)"), Some(KHOTYN), None).await?;
    let vodokanal =
        organisation(app, UTILITY, 4, Kind::Utility, both("КП «Хотинводоканал» (демонстрація)", "Khotyn water utility (demonstration)"), Some(KHOTYN), Some(khotyn)).await?;
    let hoshcha = organisation(app, OTHERS, 5, Kind::Municipality, both("Гощанська громада (демонстрація)", "Hoshcha municipality (demonstration)"), Some(HOSHCHA), None).await?;
    let bashtanka =
        organisation(app, OTHERS, 6, Kind::Municipality, both("Баштанська громада (демонстрація)", "Bashtanka municipality (demonstration)"), Some(BASHTANKA), None).await?;
    let myrhorod =
        organisation(app, OTHERS, 7, Kind::Municipality, both("Миргородська громада (демонстрація)", "Myrhorod municipality (demonstration)"), Some(MYRHOROD), None).await?;
    let nizhyn = organisation(app, OTHERS, 8, Kind::Municipality, both("Ніжинська громада (демонстрація)", "Nizhyn municipality (demonstration)"), Some(NIZHYN), None).await?;
    let programme = programmes::service::create(
        app,
        &actor(app, ADMINISTRATOR).await?,
        programmes::service::Content {
            name: both("Швидке економічне відновлення громад (демонстрація)", "Rapid economic recovery of municipalities (demonstration)"),
            funder: donor,
            implementer: None,
            association: Some(association),
            envelope: Some(hryvnias(180_000_000)),
            territories: Vec::new(),
        },
    )
    .await?
    .id;

    let water = need(app, UTILITY, vodokanal, &WATER_NEED).await?;
    prioritise(app, MUNICIPALITY, water).await?;
    let water = initiative(app, UTILITY, vodokanal, programme, water, &WATER_NEED, water_packages()?).await?;
    let call = call(app, UTILITY, &water, Some(MUNICIPALITY)).await?;
    interest(app, call).await?;

    for (owner, of, told, packages) in
        [(MUNICIPALITY, khotyn, &MARKET_NEED, market_packages()?), (OTHERS, hoshcha, &ROAD_NEED, road_packages()?), (OTHERS, nizhyn, &SCHOOL_NEED, school_packages()?)]
    {
        let verified = need(app, owner, of, told).await?;
        let started = initiative(app, owner, of, programme, verified, told, packages).await?;
        self::call(app, owner, &started, None).await?;
    }
    let heat = need(app, OTHERS, myrhorod, &HEAT_NEED).await?;
    prioritise(app, OTHERS, heat).await?;
    need(app, OTHERS, bashtanka, &POWER_NEED).await?;
    Ok(())
}

/// Registers an organisation; those that the administrator does not register are checked by the association.
async fn organisation(app: &App, owner: Login, number: u32, kind: Kind, name: Translations, seat: Option<&str>, municipality: Option<Uuid>) -> Result<Uuid> {
    let administrator = actor(app, ADMINISTRATOR).await?;
    let input = Register {
        kind,
        name,
        identifiers: vec![("UA-EDR".to_owned(), edrpou(number))],
        territory: seat.map(katottg).transpose()?,
        activities: Vec::new(),
        scale: None,
        owner_municipality: municipality,
        contact_email: Some(owner.email.to_owned()),
        owner_email: Some(owner.email.to_owned()),
    };
    Ok(organisations::service::register(app, &administrator, input).await?.id)
}

struct Told {
    title: (&'static str, &'static str),
    description: (&'static str, &'static str),
    sector: &'static str,
    cpv: &'static [&'static str],
    place: &'static str,
    urgency: Urgency,
    businesses: i32,
    people: i32,
    cost: i64,
    critical: bool,
}

impl Told {
    fn territory(&self) -> Result<KatottgCode> {
        katottg(self.place)
    }
}

const WATER_NEED: Told = Told {
    title: ("Аварійний водогін до промислової зони", "Failing water main to the industrial area"),
    description: (
        "Водогін 1978 року щомісяця проривається. Пекарня, молокозавод і готелі стоять без води до трьох днів на місяць. Потрібна заміна 3,4 км труб і насосів.",
        "The main of 1978 bursts every month. A bakery, a dairy and the hotels lose up to three days of water a month. 3.4 km of pipe and the pumps need replacing.",
    ),
    sector: "waterAndWaste",
    cpv: &["45231300-8"],
    place: KHOTYN,
    urgency: Urgency::High,
    businesses: 64,
    people: 8_700,
    cost: 21_000_000,
    critical: true,
};
const MARKET_NEED: Told = Told {
    title: ("Критий ринок для місцевих виробників", "A covered market for local producers"),
    description: (
        "Після пошкодження складу сорок підприємців торгують просто неба. Громада має ділянку і фундамент, бракує каркаса та покрівлі.",
        "Since the warehouse was damaged forty entrepreneurs trade in the open. The municipality has the plot and the foundation; the frame and the roof are missing.",
    ),
    sector: "economy",
    cpv: &["45213140-3"],
    place: KHOTYN,
    urgency: Urgency::Medium,
    businesses: 40,
    people: 3_000,
    cost: 12_500_000,
    critical: false,
};
const ROAD_NEED: Told = Told {
    title: ("Дорога до агропідприємств і елеватора", "The road to the farms and the grain elevator"),
    description: (
        "Важка техніка об'їжджає зруйнований міст; шлях до елеватора довший на 27 км. Потрібні середній ремонт дороги і нова прогонова будова.",
        "Heavy vehicles drive around a destroyed bridge: 27 km more to the elevator. The road needs repair and the bridge a new span.",
    ),
    sector: "transport.road",
    cpv: &["45233142-6", "45221111-3"],
    place: HOSHCHA,
    urgency: Urgency::High,
    businesses: 22,
    people: 5_400,
    cost: 18_900_000,
    critical: false,
};
const SCHOOL_NEED: Told = Told {
    title: ("Укриття і дах ліцею, де навчають будівельних професій", "Shelter and roof of the lyceum that trains builders"),
    description: (
        "Без укриття ліцей працює дистанційно, підприємства не мають практикантів. Дах протікає, втрати тепла понад 40 %.",
        "Without a shelter the lyceum teaches remotely and firms get no trainees. The roof leaks and more than 40 % of the heat is lost.",
    ),
    sector: "education",
    cpv: &["45214200-2"],
    place: NIZHYN,
    urgency: Urgency::High,
    businesses: 15,
    people: 900,
    cost: 9_400_000,
    critical: false,
};
const HEAT_NEED: Told = Told {
    title: ("Котельня кварталу санаторіїв", "The boiler house of the health resorts"),
    description: (
        "Газові котли 1989 року; санаторії платять за тепло вдвічі більше, ніж сусіди.",
        "Gas boilers of 1989; the resorts pay twice what their neighbours pay for heat.",
    ),
    sector: "energy",
    cpv: &["45331100-7"],
    place: MYRHOROD,
    urgency: Urgency::Medium,
    businesses: 11,
    people: 2_600,
    cost: 14_200_000,
    critical: true,
};
const POWER_NEED: Told = Told {
    title: ("Резервне живлення насосної станції", "Backup power for the pumping station"),
    description: ("Під час відключень вода зникає в лікарні й на консервному заводі.", "During black-outs the hospital and the cannery lose their water."),
    sector: "energy",
    cpv: &["09331200-0"],
    place: BASHTANKA,
    urgency: Urgency::Critical,
    businesses: 9,
    people: 6_100,
    cost: 4_800_000,
    critical: true,
};

/// Drafts and submits a need for its owner; the association verifies it.
async fn need(app: &App, owner: Login, of: Uuid, told: &Told) -> Result<Uuid> {
    let content = needs::service::Content {
        title: both(told.title.0, told.title.1),
        description: both(told.description.0, told.description.1),
        sector: told.sector.to_owned(),
        cpv: cpv(told.cpv)?,
        territory: told.territory()?,
        urgency: told.urgency,
        businesses_affected: Some(told.businesses),
        people_affected: Some(told.people),
        cost_min: Some(hryvnias(told.cost * 9 / 10)),
        cost_max: Some(hryvnias(told.cost)),
        funding_gap: Some(hryvnias(told.cost / 3)),
        critical: told.critical,
    };
    let row = needs::service::create(app, &actor(app, owner).await?, of, content).await?;
    let row = step(app, owner, needs::rules::Step::Submit, &row).await?;
    Ok(step(app, ASSOCIATION, needs::rules::Step::Verify, &row).await?.id)
}

async fn step(app: &App, who: Login, step: needs::rules::Step, row: &need::Model) -> Result<need::Model> {
    needs::service::advance(app, &actor(app, who).await?, row.id, row.version, step).await
}

async fn prioritise(app: &App, municipality: Login, id: Uuid) -> Result<()> {
    let official = actor(app, municipality).await?;
    let row = needs::store::by_id(app.db.reader(), &official, id).await?.ok_or_else(|| Error::not_found("id"))?;
    step(app, municipality, needs::rules::Step::Prioritise, &row).await.map(drop)
}

/// Sets a project up on a need and brings it to where a call can open.
async fn initiative(app: &App, owner: Login, of: Uuid, programme: Uuid, need: Uuid, told: &Told, packages: Vec<Package>) -> Result<project::Model> {
    let official = actor(app, owner).await?;
    let content = projects::service::Content {
        programme: Some(programme),
        title: both(told.title.0, told.title.1),
        description: both(told.description.0, told.description.1),
        sector: Some(told.sector.to_owned()),
        project_type: Some("rehabilitation".to_owned()),
        territory: Some(told.territory()?),
    };
    let input = projects::service::Create { organisation: of, content, needs: vec![need], packages, external_ids: Vec::new() };
    let mut row = projects::service::create(app, &official, input).await?;
    for step in [projects::rules::Step::Define, projects::rules::Step::Appraise, projects::rules::Step::Structure] {
        row = projects::service::advance(app, &official, row.id, row.version, step).await?;
    }
    Ok(row)
}

/// Publishes a call on all work packages of a project, with the municipality's consent where a utility calls.
async fn call(app: &App, owner: Login, project: &project::Model, consent: Option<Login>) -> Result<call::Model> {
    use calls::rules::{Criterion, Step};
    let official = actor(app, owner).await?;
    let packages = projects::store::work_packages(app.db.reader(), vec![project.id]).await?;
    let weighed = |name: &str, weight| Criterion { name: name.to_owned(), weight };
    let invitation = calls::service::Content {
        text: both(
            "Запрошуємо підприємства долучитися: роботи, матеріали, співфінансування або знання.",
            "Businesses are invited to join with works, materials, co-financing or knowledge.",
        ),
        work_packages: packages.into_iter().map(|package| package.id).collect(),
        opens_at: None,
        closes_at: app.clock.now() + TimeDelta::days(45),
        response_days: 10,
        criteria: vec![weighed("Досвід подібних робіт", 50), weighed("Строки", 30), weighed("Власний внесок", 20)],
    };
    let mut row = calls::service::create(app, &official, project.id, invitation).await?;
    if let Some(municipality) = consent {
        row = calls::service::advance(app, &official, row.id, row.version, Step::AskConsent).await?;
        row = calls::service::advance(app, &actor(app, municipality).await?, row.id, row.version, Step::Consent).await?;
    }
    calls::service::advance(app, &official, row.id, row.version, Step::Publish).await
}

/// The first business answers a call.
async fn interest(app: &App, call: call::Model) -> Result<()> {
    let owner = actor(app, BUSINESS).await?;
    let Some(business) = owner.organisations().first().copied() else { return Err(Error::not_found("organisationId")) };
    let verifier = actor(app, ASSOCIATION).await?;
    let row = organisations::store::by_id(app.db.reader(), &verifier, business).await?.ok_or_else(|| Error::not_found("id"))?;
    verification::service::verify(app, &verifier, row.id, row.version, organisations::service::Finding::Verified, None).await?;
    let offer = Offer {
        work_packages: Vec::new(), text: "Замінимо трубопровід за три місяці, маємо власну техніку для безтраншейної прокладки.".to_owned()
    };
    interests::service::express(app, &actor(app, BUSINESS).await?, business, call.id, offer, Submit::Now).await.map(drop)
}

fn package(title: Translations, codes: &[&str], budget: i64, months: (u32, u32), requirements: Vec<Asked>) -> Result<Package> {
    Ok(Package {
        title,
        description: Translations { uk: None, en: None },
        cpv: cpv(codes)?,
        category: Some(if codes.iter().any(|code| code.starts_with("71")) { "services" } else { "works" }.to_owned()),
        budget: Some(hryvnias(budget)),
        starts_on: Some(day(2027, months.0, 1)?),
        ends_on: Some(day(2027, months.1, 28)?),
        contributions: vec!["EQUIPMENT".to_owned(), "CASH".to_owned()],
        requirements,
    })
}

fn certificate(code: &str, must: bool) -> Asked {
    Asked { kind: requirement::Kind::Certificate, code: Some(code.to_owned()), count: None, amount: None, must }
}

fn similar(code: &str, count: i32) -> Asked {
    Asked { kind: requirement::Kind::SimilarWorks, code: Some(code.to_owned()), count: Some(count), amount: None, must: false }
}

fn water_packages() -> Result<Vec<Package>> {
    Ok(vec![
        package(
            both("Реконструкція водогону 3,4 км", "Reconstruction of 3.4 km of water main"),
            &["45231300-8"],
            14_500_000,
            (4, 9),
            vec![certificate("CC2-LICENCE", true), similar("45231300-8", 2)],
        )?,
        package(both("Модернізація насосної станції", "Modernisation of the pumping station"), &["45232421-9"], 5_200_000, (5, 8), Vec::new())?,
        package(
            both("Проєктна документація і технічний нагляд", "Design documents and technical supervision"),
            &["71320000-7"],
            900_000,
            (2, 9),
            vec![certificate("ENGINEER-CERT", true)],
        )?,
    ])
}

fn market_packages() -> Result<Vec<Package>> {
    Ok(vec![
        package(both("Металокаркас і покрівля критого ринку", "Steel frame and roof of the covered market"), &["45213140-3"], 8_900_000, (3, 7), vec![similar("45213140-3", 1)])?,
        package(both("Електромережа ринку і сонячні панелі", "The market's wiring and solar panels"), &["45315300-1"], 2_700_000, (6, 8), Vec::new())?,
    ])
}

fn road_packages() -> Result<Vec<Package>> {
    Ok(vec![
        package(uk("Поточний середній ремонт дороги до елеватора"), &["45233142-6"], 11_800_000, (5, 10), vec![certificate("CC2-LICENCE", false)])?,
        package(uk("Нова прогонова будова мосту"), &["45221111-3"], 6_400_000, (4, 10), Vec::new())?,
    ])
}

fn school_packages() -> Result<Vec<Package>> {
    Ok(vec![package(
        both("Капітальний ремонт укриття і даху ліцею", "Overhaul of the lyceum's shelter and roof"),
        &["45214200-2"],
        8_700_000,
        (3, 8),
        vec![certificate("CC2-LICENCE", true)],
    )?])
}
