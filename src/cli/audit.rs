//! `audit verify`: whether anybody changed the journal, by its chain and by checkpoints.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::args::{AuditCommand, Global};
use super::failure::Failure;
use super::open::{self, Pending};
use super::{DONE, FAILED, output};
use crate::auth::checkpoint::{Trust, Unbelieved};
use crate::auth::token::Keys;
use crate::clock::{Clock as _, SystemClock};
use crate::events;
use crate::events::audit::{Audit, Fault, Keeper};
use crate::events::chain::{Broken, Erased};
use crate::hash::hex;
use crate::locale::{Locale, Said};

/// Looks at the journal.
pub(super) async fn run(global: &Global, AuditCommand::Verify { trust, checkpoints, locale }: &AuditCommand) -> Result<u8, Failure> {
    let config = open::existing(global.config()?)?;
    let given = checkpoints.as_deref().map_or_else(|| Ok(Vec::new()), kept)?;
    let own = trust.is_none();
    let trust = match trust {
        Some(file) => trusted(file)?,
        None => Keys::load(&config.data)
            .map_err(|cause| Failure::because(format!("the keys in {} cannot be read", config.data.display()), cause).remedy("Name the keys that you trust with --trust."))?
            .trust()
            .clone(),
    };
    let db = open::connect(&config).await?;
    open::current(&db, Pending::Refuse).await?;
    let audit = events::audit(db.reader(), &trust, &given, SystemClock.now()).await?;
    let whole = audit.faults.is_empty();
    let locale = (*locale).into();
    if global.json {
        output::json(&for_machines(&audit, own, locale))?;
    } else {
        for said in sentences(&audit, given.len(), own) {
            output::line(said.in_locale(locale))?;
        }
    }
    Ok(if whole { DONE } else { FAILED })
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|cause| Failure::because(format!("{} cannot be read", file.display()), cause))
}

fn trusted(file: &Path) -> Result<Trust, Failure> {
    Trust::read(&read(file)?).map_err(|cause| {
        Failure::because(format!("{} is no JSON Web Key Set of checkpoint keys", file.display()), cause)
            .remedy("Give what /.well-known/mistok-checkpoint-keys.json of the installation answered at a time that you trust.")
    })
}

/// The checkpoints of a file, whether they are right or not.
fn kept(file: &Path) -> Result<Vec<String>, Failure> {
    let checkpoints = checkpoints_in(&read(file)?);
    if checkpoints.is_empty() {
        let remedy = "The first is signed within an hour of the first change: ask again then. Give an answer of `journalCheckpoints { nodes { jws } }`, a JSON array of such texts, or one a line.";
        return Err(Failure::new(format!("{} holds no checkpoints", file.display())).remedy(remedy));
    }
    Ok(checkpoints)
}

/// Every text and every `jws` in one or more JSON documents; where they are none, every line.
fn checkpoints_in(text: &str) -> Vec<String> {
    let documents: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    let Ok(documents) = documents else { return text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect() };
    let mut found = Vec::new();
    // A text that stands alone is as one in an array.
    collect(&Value::Array(documents), &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                found.extend(item.as_str().map(str::to_owned));
                collect(item, found);
            }
        }
        Value::Object(fields) => {
            found.extend(fields.get("jws").and_then(Value::as_str).map(str::to_owned));
            for field in fields.values() {
                collect(field, found);
            }
        }
        _ => {}
    }
}

fn for_machines(audit: &Audit, own: bool, locale: Locale) -> Value {
    let Audit { head, erased: Erased { count, first }, checkpoints, given, late, faults } = audit;
    let (changed, unjudged) = verdict(faults);
    let faults: Vec<Value> = faults.iter().map(|fault| json!({ "sequence": place(fault), "message": said(fault).in_locale(locale) })).collect();
    json!({
        "whole": faults.is_empty(), "changed": changed, "unjudged": unjudged, "events": head.seq, "hash": hex(&head.hash), "erased": count, "erasedFirst": first,
        "checkpoints": checkpoints, "given": given, "late": late, "ownKeys": own, "faults": faults,
    })
}

/// Whether something was changed, and how many checkpoints could not be judged.
fn verdict(faults: &[Fault]) -> (bool, usize) {
    let changes = faults.iter().filter(|fault| fault.is_change()).count();
    (changes > 0, faults.len() - changes)
}

/// The place that a fault is about.
fn place(fault: &Fault) -> Option<i64> {
    match fault {
        Fault::Event { seq, .. } | Fault::Disagrees { seq, .. } | Fault::CutOff { seq, .. } | Fault::Altered { seq } | Fault::Unbelieved { seq, .. } => Some(*seq),
        Fault::Given { .. } => None,
    }
}

/// What was found, in sentences.
fn sentences(audit: &Audit, wanted: usize, own: bool) -> Vec<Said> {
    let Audit { head, erased, checkpoints, given, late, faults } = audit;
    let (events, hash) = (head.seq, hex(&head.hash));
    let mut sentences = vec![
        Said::new(format!("Подій, зв’язаних без розриву: {events}, останній хеш {hash}"), format!("events linked without a break: {events}, the last hash {hash}")),
        without_body(erased),
        Said::new(format!("Контрольних точок інсталяції, що збігаються: {checkpoints}"), format!("checkpoints of the installation that agree: {checkpoints}")),
    ];
    if wanted > 0 {
        sentences
            .push(Said::new(format!("Контрольних точок із вашого файлу, що збігаються: {given} із {wanted}"), format!("checkpoints of your file that agree: {given} of {wanted}")));
    }
    if *late > 0 {
        sentences.push(Said::new(
            format!("Подій, що вже понад хвилину чекають на своє місце, тож іще не захищені: {late}"),
            format!("events that have waited more than a minute for their place and are not protected yet: {late}"),
        ));
    }
    if own {
        sentences.push(Said::new(
            "Підписи звірено з власними ключами інсталяції: проти того, хто має ці ключі, це нічого не доводить. Назвіть ключі, яким довіряєте (--trust), і контрольні точки, збережені деінде (--checkpoints).",
            "The signatures were held against the installation's own keys: against whoever holds these it proves nothing. Name keys that you trust (--trust) and checkpoints kept elsewhere (--checkpoints).",
        ));
    }
    sentences.extend(faults.iter().map(|fault| {
        let Said { uk, en } = said(fault);
        Said::new(format!("✗ {uk}"), format!("✗ {en}"))
    }));
    let (changed, unjudged) = verdict(faults);
    if unjudged > 0 {
        sentences.push(Said::new(
            format!("Контрольних точок, які не вдалося перевірити: {unjudged}. Завантажте ключі знову (/.well-known/mistok-checkpoint-keys.json) і перевірте ще раз; точку, якій і тоді не можна вірити, підписала не ця інсталяція"),
            format!("checkpoints that could not be judged: {unjudged}. Fetch the keys anew (/.well-known/mistok-checkpoint-keys.json) and verify again; what cannot be believed then either was not signed by this installation"),
        ));
    }
    sentences.push(match (changed, unjudged) {
        (true, _) => Said::new("Журнал змінено (✗)", "the journal was changed (✗)"),
        (false, 0) => Said::new("Журнал цілий", "the journal is whole"),
        (false, _) => Said::new("Змін у журналі не знайдено, але перевірено не все", "no change of the journal was found, and not all could be judged"),
    });
    sentences
}

/// Which events have no body any more, and what that means.
fn without_body(Erased { count, first }: &Erased) -> Said {
    if first.is_empty() {
        return Said::new("Подій зі стертим вмістом: 0", "events whose body was erased: 0");
    }
    let places: Vec<String> = first.iter().map(i64::to_string).collect();
    let (places, more) = (places.join(", "), if *count > first.len() as u64 { " …" } else { "" });
    Said::new(
        format!("Подій зі стертим вмістом: {count} (місця: {places}{more}). Щодо них доведено лише місце й відбиток; решту записаного про них не доводить ніщо"),
        format!("events whose body was erased: {count} (at {places}{more}). Of these the place and the digest are proven; nothing else that is recorded of them is"),
    )
}

fn said(fault: &Fault) -> Said {
    match fault {
        Fault::Event { seq, broken: Broken::Missing } => Said::new(format!("Події {seq} немає: її вилучено"), format!("event {seq} is missing: it was removed")),
        Fault::Event { seq, broken: Broken::Body } => {
            Said::new(format!("Вміст події {seq} не той, що в її відбитку: його змінено"), format!("the body of event {seq} is not what its digest says: it was changed"))
        }
        Fault::Event { seq, broken: Broken::Hash } => Said::new(
            format!("Хеш події {seq} не випливає з попередніх: її підмінено або переставлено"),
            format!("the hash of event {seq} does not follow from those before: it was replaced or moved"),
        ),
        Fault::Disagrees { seq, keeper } => {
            let whose = whose(*keeper);
            Said::new(
                format!("Контрольна точка на події {seq} ({}) не збігається з журналом: історію до неї переписано", whose.uk),
                format!("the checkpoint at event {seq} ({}) does not agree with the journal: history before it was rewritten", whose.en),
            )
        }
        Fault::CutOff { seq, end, keeper } => {
            let whose = whose(*keeper);
            Said::new(
                format!("Є контрольна точка на події {seq} ({}), а журнал закінчується на {end}: кінець відрізано", whose.uk),
                format!("there is a checkpoint at event {seq} ({}) and the journal ends at {end}: its end was cut off", whose.en),
            )
        }
        Fault::Altered { seq } => Said::new(
            format!("Рядок контрольної точки на події {seq} не той, що було підписано: його змінено"),
            format!("the row of the checkpoint at event {seq} is not what was signed: it was changed"),
        ),
        Fault::Unbelieved { seq, why } => {
            let why = reason(why);
            Said::new(format!("Контрольній точці на події {seq} не можна вірити: {}", why.uk), format!("the checkpoint at event {seq} cannot be believed: {}", why.en))
        }
        Fault::Given { number, why } => {
            let why = reason(why);
            Said::new(format!("Контрольній точці {number} вашого файлу не можна вірити: {}", why.uk), format!("checkpoint {number} of your file cannot be believed: {}", why.en))
        }
    }
}

fn whose(keeper: Keeper) -> Said {
    match keeper {
        Keeper::Installation => Said::new("з таблиці", "of the table"),
        Keeper::Other => Said::new("з вашого файлу", "of your file"),
    }
}

fn reason(why: &Unbelieved) -> Said {
    match why {
        Unbelieved::Unreadable => Said::new("це не контрольна точка", "it is no checkpoint"),
        Unbelieved::Signature { kid } => {
            Said::new(format!("її не підписано жодним ключем, якому ви довіряєте (ключ {kid})"), format!("no key that you trust signed it (key {kid})"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::checkpoints_in;

    #[test]
    fn checkpoints_are_taken_as_an_answer_an_array_or_lines() {
        let answer = r#"{"data":{"journalCheckpoints":{"nodes":[{"sequence":2,"keyId":"k","jws":"a.b.c"},{"jws":"d.e.f"}]}}}"#;
        assert_eq!(checkpoints_in(&format!("{answer}\n{answer}\n")).len(), 4);
        for text in [answer, r#"["a.b.c", "d.e.f"]"#, r#"[{"jws":"a.b.c"},{"jws":"d.e.f"}]"#, "a.b.c\n\n d.e.f\n", "\"a.b.c\"\n\"d.e.f\"\n"] {
            assert_eq!(checkpoints_in(text), ["a.b.c", "d.e.f"], "{text}");
        }
        assert!(checkpoints_in("{}").is_empty());
    }
}
