//! The two schemas: GraphQL's as text, the database's steps.

use std::fs;

use serde_json::json;

use super::args::{Global, Migrate, Schema};
use super::failure::Failure;
use super::open::{self, connect};
use super::{DONE, FAILED, output};
use crate::db::{Db, SchemaState};

const FILE: &str = "schema.graphql";
/// Steps that hold the proof of the journal: salts and digests, bodies that were erased, and checkpoints.
const PROOF: [&str; 3] = ["m0060_event.digest", "m0062_event.payload", "m0063_checkpoint"];

/// Prints the GraphQL schema, or compares the file in the working folder with it.
pub(super) fn print(Schema { check }: &Schema) -> Result<u8, Failure> {
    let ours = crate::graphql::sdl(&crate::graphql::schema());
    if !check {
        output::text_of(&ours)?;
        return Ok(DONE);
    }
    let theirs = fs::read_to_string(FILE).map_err(|cause| Failure::because(format!("{FILE} cannot be read"), cause).remedy(format!("Write it with `mistok schema > {FILE}`.")))?;
    match first_difference(&theirs, &ours) {
        None => {
            output::line(format!("{FILE} is the program's schema"))?;
            Ok(DONE)
        }
        Some((number, theirs, ours)) => Err(Failure::new(format!("{FILE} is not the program's schema from line {number} on"))
            .remedy(format!("  file:    {theirs}\n    program: {ours}\n  Write it with `mistok schema > {FILE}` and name the change in CHANGELOG.md."))),
    }
}

/// The number of the first line that differs, with both.
fn first_difference<'a>(theirs: &'a str, ours: &'a str) -> Option<(usize, &'a str, &'a str)> {
    const END: &str = "(end of file)";
    let (mut left, mut right) = (theirs.lines(), ours.lines());
    for number in 1.. {
        match (left.next(), right.next()) {
            (None, None) => return None,
            (left, right) if left == right => {}
            (left, right) => return Some((number, left.unwrap_or(END), right.unwrap_or(END))),
        }
    }
    None
}

/// Brings the database's schema up or down, or says how it stands.
pub(super) async fn migrate(global: &Global, migrate: &Migrate) -> Result<u8, Failure> {
    let config = global.config()?;
    let db = match migrate {
        Migrate::Up => connect(&config).await?,
        Migrate::Down { .. } | Migrate::Status => connect(&open::existing(config)?).await?,
    };
    let before = db.schema_state().await?;
    if let (SchemaState::Newer(steps), Migrate::Up | Migrate::Down { .. }) = (&before, migrate) {
        return Err(open::newer(steps));
    }
    match migrate {
        Migrate::Up => {
            db.migrate_up().await.map_err(|cause| Failure::because("a step of the schema failed", cause))?;
            open::chained(&db).await?;
        }
        Migrate::Down { steps, yes } => down(&db, *steps, *yes).await?,
        Migrate::Status => {}
    }
    let state = db.schema_state().await?;
    if global.json {
        output::json(&state_json(&state))?;
    } else {
        output::line(sentence(&state))?;
    }
    let wanted = !matches!(migrate, Migrate::Status) || matches!(state, SchemaState::Current(_));
    Ok(if wanted { DONE } else { FAILED })
}

/// Takes the last steps back; where rows go with them, only when it was said twice.
async fn down(db: &Db, steps: u32, yes: bool) -> Result<(), Failure> {
    let applied = db.applied_steps().await?;
    let kept = applied.len().saturating_sub(usize::try_from(steps).unwrap_or(usize::MAX));
    let going = &applied[kept..];
    if going.is_empty() {
        return Err(Failure::new("no step of the schema is applied"));
    }
    let lost = db.rows_under(going).await?;
    if !yes && !lost.is_empty() {
        let proof = if lost.iter().any(|(step, _)| PROOF.contains(&step.as_str())) {
            ". The proof of the journal goes with them: what is chained anew later agrees with no checkpoint that anybody kept, as if it had been forged"
        } else {
            ""
        };
        let lost: Vec<String> = lost.into_iter().map(|(step, rows)| format!("{step} ({rows} rows)")).collect();
        return Err(Failure::new(format!("this would take back {} of {} steps, with the data in them: {}{proof}", going.len(), applied.len(), lost.join(", ")))
            .remedy("Nothing was changed. Copy the database, stop `mistok serve`, and say it again with --yes."));
    }
    db.migrate_down(steps).await.map_err(|cause| Failure::because("a step of the schema could not be taken back", cause))
}

/// How the schema stands, in a sentence.
pub(super) fn sentence(state: &SchemaState) -> String {
    match state {
        SchemaState::Current(steps) => format!("current, {} applied", output::counted(*steps, "step", "steps")),
        SchemaState::Older(steps) => format!("{} pending: {}", output::counted(steps.len(), "step", "steps"), steps.join(", ")),
        SchemaState::Newer(steps) => format!("newer than this program, which does not know {}", steps.join(", ")),
    }
}

/// How the schema stands, for machines.
pub(super) fn state_json(state: &SchemaState) -> serde_json::Value {
    match state {
        SchemaState::Current(steps) => json!({ "state": "current", "applied": steps }),
        SchemaState::Older(steps) => json!({ "state": "older", "pending": steps }),
        SchemaState::Newer(steps) => json!({ "state": "newer", "unknown": steps }),
    }
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, "b", "c")));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some((2, "(end of file)", "b")));
    }
}
