//! The businesses of the demonstration: thirty firms of eight trades with their past works.

use entity::organisation::{Kind, Scale};

use super::{BUSINESS, Login, OTHERS, actor, cpv, day, edrpou, hryvnias, katottg, uk};
use crate::app::App;
use crate::auth::Actor;
use crate::error::Result;
use crate::organisations::rules::{Capability, Certificate};
use crate::organisations::service::{self, AddPastWork, Declare, Register};
use crate::reference::codes::KvedCode;

/// Registry codes of businesses begin after those of public bodies.
const FIRST_NUMBER: u32 = 100;
/// Works of the first years of a firm are smaller than those of the last.
const FIRST_YEAR: i32 = 2019;

struct Trade {
    cpv: &'static [&'static str],
    kved: &'static str,
    category: &'static str,
    certificate: (&'static str, &'static str),
    works: [&'static str; 5],
    /// Hryvnias of a typical work.
    typical: i64,
}

const WATER: Trade = Trade {
    cpv: &["45231300-8", "45232150-8"],
    kved: "42.21",
    category: "works",
    certificate: ("CC2-LICENCE", "Ліцензія на будівництво об'єктів СС2"),
    works: [
        "Реконструкція водопровідної мережі по вул. Шевченка",
        "Капітальний ремонт водогону від насосної станції до міста",
        "Заміна аварійних ділянок мереж водопостачання",
        "Будівництво артезіанської свердловини та водонапірної башти",
        "Ремонт каналізаційного колектора з заміною труб",
    ],
    typical: 4_200_000,
};
const TREATMENT: Trade = Trade {
    cpv: &["45252100-9", "45232421-9"],
    kved: "42.91",
    category: "works",
    certificate: ("ISO-14001", "ISO 14001 Екологічне управління"),
    works: [
        "Реконструкція очисних споруд каналізації",
        "Монтаж станції знезараження питної води",
        "Модернізація насосного обладнання водоканалу",
        "Пусконалагодження системи диспетчеризації водопостачання",
        "Капітальний ремонт аеротенків очисних споруд",
    ],
    typical: 9_500_000,
};
const ROADS: Trade = Trade {
    cpv: &["45233142-6", "45233252-0"],
    kved: "42.11",
    category: "works",
    certificate: ("CC2-LICENCE", "Ліцензія на будівництво об'єктів СС2"),
    works: [
        "Поточний середній ремонт автомобільної дороги місцевого значення",
        "Капітальний ремонт дорожнього покриття вулиці Центральної",
        "Облаштування тротуарів і пішохідних переходів біля школи",
        "Ремонт мосту через річку з заміною прогонової будови",
        "Ямковий ремонт вулиць громади",
    ],
    typical: 6_800_000,
};
const POWER: Trade = Trade {
    cpv: &["45315300-1", "09331200-0"],
    kved: "43.21",
    category: "works",
    certificate: ("EE-PERMIT", "Дозвіл на роботи в електроустановках"),
    works: [
        "Встановлення сонячної електростанції на даху лікарні",
        "Реконструкція трансформаторної підстанції 10/0,4 кВ",
        "Монтаж генераторів резервного живлення насосної станції",
        "Капітальний ремонт мереж вуличного освітлення",
        "Підключення ринку до електромережі з заміною кабелю",
    ],
    typical: 3_100_000,
};
const SCHOOLS: Trade = Trade {
    cpv: &["45214200-2", "45321000-3"],
    kved: "41.20",
    category: "works",
    certificate: ("CC2-LICENCE", "Ліцензія на будівництво об'єктів СС2"),
    works: [
        "Капітальний ремонт укриття загальноосвітньої школи",
        "Утеплення фасаду та заміна вікон дитячого садка",
        "Реконструкція даху ліцею",
        "Відновлення пошкодженого спортивного залу школи",
        "Ремонт харчоблоку та їдальні гімназії",
    ],
    typical: 5_400_000,
};
const HEAT: Trade = Trade {
    cpv: &["45331100-7", "45232140-5"],
    kved: "43.22",
    category: "works",
    certificate: ("ISO-9001", "ISO 9001 Управління якістю"),
    works: [
        "Реконструкція котельні з переведенням на альтернативне паливо",
        "Заміна теплових мереж у попередньо ізольованих трубах",
        "Монтаж індивідуальних теплових пунктів у житлових будинках",
        "Встановлення теплового насоса в амбулаторії",
        "Капітальний ремонт системи опалення дитячої лікарні",
    ],
    typical: 3_700_000,
};
const MARKETS: Trade = Trade {
    cpv: &["45213140-3", "45223100-7"],
    kved: "41.20",
    category: "works",
    certificate: ("ISO-9001", "ISO 9001 Управління якістю"),
    works: [
        "Будівництво критих торгових рядів комунального ринку",
        "Реконструкція складу під індустріальний парк",
        "Монтаж металоконструкцій ангара для підприємців",
        "Ремонт покрівлі критого ринку",
        "Облаштування центру для малого бізнесу в будівлі колишньої фабрики",
    ],
    typical: 7_300_000,
};
const DESIGN: Trade = Trade {
    cpv: &["71320000-7", "71247000-1"],
    kved: "71.12",
    category: "services",
    certificate: ("ENGINEER-CERT", "Кваліфікаційний сертифікат інженера-проєктувальника"),
    works: [
        "Проєктно-кошторисна документація реконструкції водопроводу",
        "Технічний нагляд за капітальним ремонтом школи",
        "Проєктування сонячної електростанції для водоканалу",
        "Обстеження пошкоджених будівель і мостів",
        "Розробка техніко-економічного обґрунтування очисних споруд",
    ],
    typical: 650_000,
};

struct Firm {
    name: &'static str,
    trade: &'static Trade,
    oblast: &'static str,
    scale: Scale,
    works: usize,
    /// Whether it said what it can do.
    declared: bool,
}

const CHERNIVTSI: &str = "UA73000000000044923";
const RIVNE: &str = "UA56000000000066151";
const MYKOLAIV: &str = "UA48000000000039575";
const POLTAVA: &str = "UA53000000000028050";
const CHERNIHIV: &str = "UA74000000000025378";
const KHMELNYTSKYI: &str = "UA68000000000099709";
const IVANO_FRANKIVSK: &str = "UA26000000000069363";
const KYIV_OBLAST: &str = "UA32000000000030281";

const fn firm(name: &'static str, trade: &'static Trade, oblast: &'static str, scale: Scale, works: usize, declared: bool) -> Firm {
    Firm { name, trade, oblast, scale, works, declared }
}

const FIRMS: [Firm; 30] = [
    firm("ТОВ «Аква-Монтаж Буковина»", &WATER, CHERNIVTSI, Scale::Small, 5, true),
    firm("ПП «Дністервод»", &WATER, CHERNIVTSI, Scale::Micro, 3, true),
    firm("ТОВ «Поділля Водбуд»", &WATER, KHMELNYTSKYI, Scale::Medium, 5, true),
    firm("ТОВ «Карпатські мережі»", &WATER, IVANO_FRANKIVSK, Scale::Small, 4, true),
    firm("ТОВ «Рівневодбуд»", &WATER, RIVNE, Scale::Small, 5, false),
    firm("ТОВ «Чиста течія»", &TREATMENT, KHMELNYTSKYI, Scale::Small, 5, true),
    firm("ТОВ «Еко-Споруди Південь»", &TREATMENT, MYKOLAIV, Scale::Medium, 4, true),
    firm("ТОВ «Полтава-Водотех»", &TREATMENT, POLTAVA, Scale::Small, 3, false),
    firm("ТОВ «Шляхбуд Буковина»", &ROADS, CHERNIVTSI, Scale::Medium, 5, true),
    firm("ТОВ «Гощашлях»", &ROADS, RIVNE, Scale::Small, 4, true),
    firm("ТОВ «Південні дороги»", &ROADS, MYKOLAIV, Scale::Medium, 5, false),
    firm("ТОВ «Мостобуд Десна»", &ROADS, CHERNIHIV, Scale::Medium, 3, true),
    firm("ТОВ «Сонячна громада»", &POWER, CHERNIVTSI, Scale::Micro, 4, true),
    firm("ТОВ «Енергія Полісся»", &POWER, RIVNE, Scale::Small, 5, true),
    firm("ПП «Електросвіт Миргород»", &POWER, POLTAVA, Scale::Micro, 4, true),
    firm("ТОВ «Резервне живлення»", &POWER, KYIV_OBLAST, Scale::Medium, 5, true),
    firm("ТОВ «Степ-Енерго»", &POWER, MYKOLAIV, Scale::Small, 3, false),
    firm("ТОВ «Укриття і Школа»", &SCHOOLS, CHERNIHIV, Scale::Small, 5, true),
    firm("ТОВ «Будмайстер Ніжин»", &SCHOOLS, CHERNIHIV, Scale::Micro, 3, false),
    firm("ТОВ «Тепла оселя Полтава»", &SCHOOLS, POLTAVA, Scale::Small, 4, true),
    firm("ТОВ «Буковинабуд»", &SCHOOLS, CHERNIVTSI, Scale::Medium, 5, true),
    firm("ТОВ «Тепломережа Захід»", &HEAT, IVANO_FRANKIVSK, Scale::Small, 4, true),
    firm("ТОВ «Котлотехсервіс»", &HEAT, RIVNE, Scale::Micro, 5, true),
    firm("ТОВ «Комфорт-Тепло»", &HEAT, CHERNIHIV, Scale::Small, 3, true),
    firm("ТОВ «Торгові ряди»", &MARKETS, KHMELNYTSKYI, Scale::Small, 4, true),
    firm("ТОВ «Індустрія Парк Південь»", &MARKETS, MYKOLAIV, Scale::Medium, 3, true),
    firm("ТОВ «Металокаркас»", &MARKETS, KYIV_OBLAST, Scale::Medium, 5, false),
    firm("ТОВ «Проєкт-Відновлення»", &DESIGN, KYIV_OBLAST, Scale::Small, 5, true),
    firm("ПП «Кошторис Плюс»", &DESIGN, CHERNIVTSI, Scale::Micro, 4, true),
    firm("ТОВ «Інженерна група Полісся»", &DESIGN, RIVNE, Scale::Small, 3, true),
];

pub(super) async fn fill(app: &App) -> Result<()> {
    let mut firms = FIRMS.iter().zip(FIRST_NUMBER..);
    if let Some((first, number)) = firms.next() {
        add(app, BUSINESS, first, number).await?;
    }
    for (other, number) in firms {
        add(app, OTHERS, other, number).await?;
    }
    Ok(())
}

async fn add(app: &App, owner: Login, firm: &Firm, number: u32) -> Result<()> {
    let registrar = actor(app, owner).await?;
    let row = service::register(
        app,
        &registrar,
        Register {
            kind: Kind::Business,
            name: uk(firm.name),
            identifiers: vec![("UA-EDR".to_owned(), edrpou(number))],
            territory: Some(katottg(firm.oblast)?),
            activities: vec![KvedCode::parse(firm.trade.kved).map_err(|error| error.refuse("activities"))?],
            scale: Some(firm.scale),
            owner_municipality: None,
            contact_email: Some(format!("office{number}@demo.example")),
            owner_email: None,
        },
    )
    .await?;
    let member = actor(app, owner).await?;
    if firm.declared {
        service::declare_capability(app, &member, declaration(firm, row.id, row.version)?).await?;
    }
    past_works(app, &member, firm, row.id).await
}

fn declaration(firm: &Firm, id: uuid::Uuid, expected_version: i32) -> Result<Declare> {
    let staff = match firm.scale {
        Scale::Micro => 8,
        Scale::Small => 35,
        Scale::Medium | Scale::Large => 140,
    };
    let (code, name) = firm.trade.certificate;
    Ok(Declare {
        id,
        expected_version,
        cpv: cpv(firm.trade.cpv)?,
        excluded_cpv: Vec::new(),
        service_area: vec![katottg(firm.oblast)?],
        largest_contract: Some(hryvnias(firm.trade.typical * 4)),
        profile: Capability {
            with_neighbours: true,
            staff: Some(staff),
            languages: vec!["uk".to_owned()],
            contributions: vec!["EQUIPMENT".to_owned(), "KNOW_HOW".to_owned()],
            certificates: vec![Certificate { code: code.to_owned(), name: name.to_owned(), issuer: None, valid_to: None, attachment: None }],
            ..Capability::default()
        },
    })
}

/// Works of one firm: the titles of its trade from a place that depends on the firm, a year after another.
async fn past_works(app: &App, member: &Actor, firm: &Firm, organisation: uuid::Uuid) -> Result<()> {
    let from = firm.name.chars().count();
    for (year, place) in (FIRST_YEAR..).zip(0..firm.works) {
        let step = i64::from(year - FIRST_YEAR);
        let month = u32::try_from(place % 12).unwrap_or_default() + 3;
        let work = AddPastWork {
            organisation,
            title: firm.trade.works[(from + place) % firm.trade.works.len()].to_owned(),
            language: Some("uk".to_owned()),
            cpv: cpv(&firm.trade.cpv[..1])?.pop(),
            category: Some(firm.trade.category.to_owned()),
            territory: Some(katottg(firm.oblast)?),
            buyer_name: Some("Замовник демонстрації".to_owned()),
            buyer: None,
            value: Some(hryvnias(firm.trade.typical * (6 + 2 * step) / 10)),
            awarded_on: Some(day(year, month, 15)?),
        };
        service::add_past_work(app, member, work).await?;
    }
    Ok(())
}
